// SPDX-License-Identifier: Apache-2.0
#include "services/logs/errors.h"

#include <nlohmann/json.hpp>

namespace weir::logs {
namespace {

std::string_view WireName(LogsErrorCode code) {
  switch (code) {
    case LogsErrorCode::kInvalidParameter:
      return "InvalidParameterException";
    case LogsErrorCode::kResourceNotFound:
      return "ResourceNotFoundException";
    case LogsErrorCode::kResourceAlreadyExists:
      return "ResourceAlreadyExistsException";
    case LogsErrorCode::kLimitExceeded:
      return "LimitExceededException";
    case LogsErrorCode::kTooManyTags:
      return "TooManyTagsException";
    case LogsErrorCode::kSerialization:
      return "SerializationException";
    case LogsErrorCode::kUnknownOperation:
      return "UnknownOperationException";
    case LogsErrorCode::kMissingAuthenticationToken:
      return "MissingAuthenticationTokenException";
    case LogsErrorCode::kIncompleteSignature:
      return "IncompleteSignatureException";
    case LogsErrorCode::kInvalidSignature:
      return "InvalidSignatureException";
    case LogsErrorCode::kAccessDenied:
      return "AccessDeniedException";
    case LogsErrorCode::kServiceUnavailable:
      return "ServiceUnavailableException";
  }
  return {};
}

}  // namespace

void WriteLogsError(const LogsError& error, protocol::HttpResponse& response) {
  constexpr unsigned kBadRequest = 400;
  constexpr unsigned kServerError = 500;
  response.status = error.code == LogsErrorCode::kServiceUnavailable ? kServerError : kBadRequest;
  response.content_type = "application/x-amz-json-1.1";
  nlohmann::ordered_json body{{"__type", WireName(error.code)}};
  if (!error.message.empty()) {
    body["message"] = error.message;
  }
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace weir::logs
