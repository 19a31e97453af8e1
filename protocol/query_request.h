// SPDX-License-Identifier: Apache-2.0
// QueryRequest: AWS's query protocol, `Action=…&Version=…` in a form or in the URL:
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/http.h"

namespace weir::protocol {

// The text that `text` is in percent-encoding. What is no such code stays.
std::string DecodePercent(std::string_view text);

class QueryRequest {
 public:
  // None if the request has no Action, or more of it than any operation takes (1 MiB, 1000
  // parameters).
  static std::optional<QueryRequest> Of(const HttpRequest& request);

  // The first parameter of that name; empty when absent.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  [[nodiscard]] std::string_view action() const { return parameter("Action"); }
  [[nodiscard]] std::string_view version() const { return parameter("Version"); }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

// Appends text to XML; what is not ASCII as question marks.
void AppendXmlText(std::string_view text, std::string& out);

// Makes `response` an error of this protocol: `<ErrorResponse><Error><Type>Sender</Type>…`.
// `xml_namespace` may be empty.
void WriteQueryError(unsigned status, std::string_view code, std::string_view message,
                     std::string_view xml_namespace, HttpResponse& response);

}  // namespace weir::protocol
