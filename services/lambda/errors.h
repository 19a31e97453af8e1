// SPDX-License-Identifier: Apache-2.0
// The errors of the Lambda API, as values.
// https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/result.h"
#include "protocol/http.h"

namespace weir::lambda {

// The wire name is the enumerator's without the `k` and with `Exception` after it.
enum class LambdaErrorCode : std::uint8_t {
  kInvalidParameterValue,                 // 400
  kValidation,                            // 400
  kInvalidRequestContent,                 // 400
  kSerialization,                         // 400
  kCodeStorageExceeded,                   // 400
  kUnrecognizedClient,                    // 403
  kMissingAuthenticationToken,            // 403
  kIncompleteSignature,                   // 403
  kAccessDenied,                          // 403
  kResourceNotFound,                      // 404
  kProvisionedConcurrencyConfigNotFound,  // 404
  kResourceConflict,                      // 409
  kPreconditionFailed,                    // 412
  kRequestEntityTooLarge,                 // 413
  kUnsupportedMediaType,                  // 415
  kPolicyLengthExceeded,                  // 400
  kTooManyRequests,                       // 429
  kInvalidRuntime,                        // 502
  kService,                               // 500
};

// One refused request. `message` is the exact text that AWS sends.
struct LambdaError {
  LambdaErrorCode code = LambdaErrorCode::kService;
  std::string message;
  std::string reason;  // TooManyRequestsException's member Reason; else empty
  // Whether it has the member Type, if errors of its kind do: a few of AWS's do not.
  bool has_type = true;
};

template <class T>
using LambdaResult = Result<T, LambdaError>;
using LambdaStatus = Result<void, LambdaError>;

inline LambdaError MakeLambdaError(LambdaErrorCode code, std::string message) {
  return {.code = code, .message = std::move(message), .reason = {}};
}
inline LambdaError WithoutType(LambdaError error) {
  error.has_type = false;
  return error;
}
inline LambdaError InvalidParameterValue(std::string message) {
  return MakeLambdaError(LambdaErrorCode::kInvalidParameterValue, std::move(message));
}

// Makes `response` the error: status, x-amzn-ErrorType, and a body
// {"Type":"User"|"Service","Message":…,"message":…} with the members that AWS gives that error. An
// AccessDeniedException without a message has null there, as that for another account's function.
void WriteLambdaError(const LambdaError& error, protocol::HttpResponse& response);

}  // namespace weir::lambda
