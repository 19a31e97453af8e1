// SPDX-License-Identifier: Apache-2.0
// The errors a client can receive, as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"

namespace weir {

// Every error type Weir answers with. `services/dynamodb/wire/error_body.cc` maps each to its HTTP
// status, `__type` prefix and message spelling. The wire name is the enumerator's name without the
// `k` and with `Exception` after it; only kInternalServerError gets none.
enum class ErrorCode : std::uint8_t {
  kValidation,  // ValidationException
  kSerialization,
  kUnknownOperation,
  kMissingAuthenticationToken,
  kIncompleteSignature,
  kInvalidSignature,
  kUnrecognizedClient,
  kAccessDenied,
  kResourceNotFound,
  kResourceInUse,
  kTableNotFound,
  kTableAlreadyExists,
  kPolicyNotFound,
  kGlobalTableNotFound,
  kExportNotFound,
  kImportNotFound,
  kContinuousBackupsUnavailable,
  kPointInTimeRecoveryUnavailable,
  kBackupNotFound,
  kBackupInUse,
  kConditionalCheckFailed,
  kDuplicateItem,
  kTransactionCanceled,
  kTransactionConflict,
  kTransactionInProgress,
  kIdempotentParameterMismatch,
  kItemCollectionSizeLimitExceeded,
  kLimitExceeded,
  kThrottling,
  kProvisionedThroughputExceeded,
  kRequestEntityTooLarge,
  kTrimmedDataAccess,
  kExpiredIterator,
  kServiceUnavailable,
  kInternalServerError,
};

// The name that a client sees after the `#` in `__type`, e.g. "ResourceNotFoundException".
std::string_view WireName(ErrorCode code);

// Why one action of a canceled transaction was refused. If it was not, the code is "None" and the
// rest is empty.
struct CancellationReason {
  std::string_view code = "None";  // static
  std::string message;
  Item item;  // the item that failed a condition, as in ApiError
};

// One refused request. `message` is the exact text that AWS sends. An empty message leaves the
// member out, as AWS does for the errors found before an operation is known.
struct ApiError {
  ErrorCode code = ErrorCode::kInternalServerError;
  std::string message;
  // ConditionalCheckFailedException only: the item that failed the condition, when it exists and
  // ReturnValuesOnConditionCheckFailure asked for it.
  Item item;
  // Some operations put the faults of a request into an envelope ("1 validation error detected: ").
  // This error is answered without it.
  bool bare = false;
  // The answer has the text as "Message" rather than "message", as the reasons of a canceled
  // transaction do. So it is for failed conditions whose answer has the item.
  bool capital_message = false;
  // TransactionCanceledException only: one for each action of the transaction, in the order of the
  // actions.
  std::vector<CancellationReason> reasons;
};

inline ApiError MakeError(ErrorCode code, std::string message) {
  ApiError error;
  error.code = code;
  error.message = std::move(message);
  return error;
}

inline ApiError ValidationError(std::string message) {
  return MakeError(ErrorCode::kValidation, std::move(message));
}

// A ValidationException whose text starts with the service's "One or more parameter values were
// invalid: ".
ApiError InvalidParameter(std::string_view message);

}  // namespace weir
