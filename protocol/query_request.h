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

// Decodes percent-encoding. A `%` that does not begin a code stays.
std::string DecodePercent(std::string_view text);
// Decodes percent-encoding; nullopt if a `%` does not begin a code.
std::optional<std::string> DecodePercentStrictly(std::string_view text);

// A view of the request's parameters, each decoded when it is asked for. Borrows from the request.
class QueryRequest {
 public:
  // The parameters in the body if that is a form, else in the URL; nullopt if the body is not a
  // form and the URL has no Action.
  static std::optional<QueryRequest> Of(const HttpRequest& request);

  // The value of the first parameter with that name, cut to kMostShown bytes; empty if missing.
  [[nodiscard]] std::string parameter(std::string_view name) const;
  [[nodiscard]] std::string action() const { return parameter("Action"); }
  [[nodiscard]] std::string version() const { return parameter("Version"); }

  // Names of operations and versions are shorter, and no other parameter is read yet.
  static constexpr std::size_t kMostShown = 128;

 private:
  explicit QueryRequest(std::string_view form) : form_(form) {}
  std::string_view form_;
};

// Appends text to XML with its escapes. Control characters but tab and line breaks, and all that is
// not ASCII, become question marks.
void AppendXmlText(std::string_view text, std::string& out);

// Makes `response` an error of this protocol: `<ErrorResponse><Error><Type>Sender</Type>…`.
// `xml_namespace` may be empty.
void WriteQueryError(unsigned status, std::string_view code, std::string_view message,
                     std::string_view xml_namespace, HttpResponse& response);

}  // namespace weir::protocol
