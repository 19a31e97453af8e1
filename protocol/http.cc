// SPDX-License-Identifier: Apache-2.0
#include "protocol/http.h"

#include "protocol/json_text.h"

namespace weir::protocol {

std::string_view MediaType(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.front() == ' ') {
    type.remove_prefix(1);
  }
  while (!type.empty() && type.back() == ' ') {
    type.remove_suffix(1);
  }
  return type;
}

void RequestHandler::WriteError(const ApiError& error, HttpResponse& response) {
  constexpr unsigned kServerError = 500;
  constexpr unsigned kUnavailable = 503;
  response.status = error.code == ErrorCode::kServiceUnavailable ? kUnavailable : kServerError;
  response.content_type = "application/json";
  response.body.assign("{\"__type\":\"").append(WireName(error.code)).append("\",\"message\":");
  AppendJsonString(error.message, response.body);
  response.body += '}';
}

}  // namespace weir::protocol
