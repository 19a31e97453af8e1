// SPDX-License-Identifier: Apache-2.0
// QueryRequest: AWS's query protocol, `Action=…&Version=…` in a form or in the URL:
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/http.h"

namespace weir::protocol {

// The text that `text` is in percent-encoding. What is no such code stays.
std::string DecodePercent(std::string_view text);
// The text that `text` is in percent-encoding; none if a `%` in it does not begin a code.
std::optional<std::string> DecodePercentStrictly(std::string_view text);

// A view of the request, decoded where it is asked for.
class QueryRequest {
 public:
  // None if the request has no Action, and no form of another kind.
  static std::optional<QueryRequest> Of(const HttpRequest& request);

  // The first parameter of that name, up to kMostShown bytes of it; empty when absent.
  [[nodiscard]] std::string parameter(std::string_view name) const;
  [[nodiscard]] std::string action() const { return parameter("Action"); }
  [[nodiscard]] std::string version() const { return parameter("Version"); }

  // No name of an operation or a version is longer, and nothing else is looked for yet.
  static constexpr std::size_t kMostShown = 128;

 private:
  explicit QueryRequest(std::string_view form) : form_(form) {}
  std::string_view form_;
};

// Appends text to XML; what is not ASCII as question marks.
void AppendXmlText(std::string_view text, std::string& out);

// Makes `response` an error of this protocol: `<ErrorResponse><Error><Type>Sender</Type>…`.
// `xml_namespace` may be empty.
void WriteQueryError(unsigned status, std::string_view code, std::string_view message,
                     std::string_view xml_namespace, HttpResponse& response);

}  // namespace weir::protocol
