// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/errors.h"

#include <string_view>

#include "protocol/json_text.h"

namespace weir::lambda {
namespace {

// An error on the wire. The model of the service gives those that are its own a member Type; the
// others come from the layers in front of it. The member with the text is "message" or "Message".
struct ErrorForm {
  unsigned status;
  std::string_view name;
  std::string_view type;     // "User", "Service"; empty: none
  std::string_view message;  // the member's name
};

ErrorForm FormOf(LambdaErrorCode code) {
  switch (code) {
    case LambdaErrorCode::kInvalidParameterValue:
      return {400, "InvalidParameterValueException", "User", "message"};
    case LambdaErrorCode::kValidation:
      return {400, "ValidationException", {}, "message"};
    case LambdaErrorCode::kInvalidRequestContent:
      return {400, "InvalidRequestContentException", "User", "message"};
    case LambdaErrorCode::kSerialization:
      return {400, "SerializationException", {}, "Message"};
    case LambdaErrorCode::kCodeStorageExceeded:
      return {400, "CodeStorageExceededException", "User", "message"};
    case LambdaErrorCode::kUnrecognizedClient:
      return {403, "UnrecognizedClientException", {}, "message"};
    case LambdaErrorCode::kMissingAuthenticationToken:
      return {403, "MissingAuthenticationTokenException", {}, "message"};
    case LambdaErrorCode::kIncompleteSignature:
      return {403, "IncompleteSignatureException", {}, "message"};
    case LambdaErrorCode::kAccessDenied:
      return {403, "AccessDeniedException", {}, "Message"};
    case LambdaErrorCode::kResourceNotFound:
      return {404, "ResourceNotFoundException", "User", "Message"};
    case LambdaErrorCode::kProvisionedConcurrencyConfigNotFound:
      return {404, "ProvisionedConcurrencyConfigNotFoundException", "User", "message"};
    case LambdaErrorCode::kResourceConflict:
      return {409, "ResourceConflictException", "User", "message"};
    case LambdaErrorCode::kPreconditionFailed:
      return {412, "PreconditionFailedException", "User", "message"};
    case LambdaErrorCode::kRequestEntityTooLarge:
      return {413, "RequestEntityTooLargeException", {}, "message"};
    case LambdaErrorCode::kUnsupportedMediaType:
      return {415, "UnsupportedMediaTypeException", "User", "message"};
    case LambdaErrorCode::kPolicyLengthExceeded:
      return {400, "PolicyLengthExceededException", "User", "message"};
    case LambdaErrorCode::kTooManyRequests:
      return {429, "TooManyRequestsException", "User", "message"};
    case LambdaErrorCode::kInvalidRuntime:
      return {502, "InvalidRuntimeException", "Service", "Message"};
    case LambdaErrorCode::kService:
      break;
  }
  return {500, "ServiceException", "Service", "Message"};
}

void AppendMember(std::string_view name, std::string_view text, std::string& body) {
  if (!text.empty()) {
    protocol::AppendJsonName(body.empty() ? '{' : ',', name, body);
    protocol::AppendJsonString(text, body);
  }
}

}  // namespace

void WriteLambdaError(const LambdaError& error, protocol::HttpResponse& response) {
  const ErrorForm form = FormOf(error.code);
  response.status = form.status;
  response.content_type = "application/json";
  response.headers = {{"x-amzn-ErrorType", std::string(form.name)}};
  response.body.clear();
  AppendMember("Reason", error.reason, response.body);
  AppendMember("Type", error.has_type ? form.type : "", response.body);
  AppendMember(form.message, error.message, response.body);
  if (error.code == LambdaErrorCode::kAccessDenied && error.message.empty()) {
    response.body = R"({"Message":null)";
  }
  response.body += response.body.empty() ? "{}" : "}";
}

}  // namespace weir::lambda
