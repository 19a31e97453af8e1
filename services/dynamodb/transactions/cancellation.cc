// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/cancellation.h"

#include <algorithm>
#include <string>

namespace weir::dynamodb {
namespace {

bool IsValidationError(const std::optional<ApiError>& fault) {
  return fault.has_value() && fault->code == ErrorCode::kValidation;
}

CancellationReason ReasonOf(const ApiError& fault) {
  return {CancellationCode(fault.code), fault.message, fault.item};
}

}  // namespace

std::string_view CancellationCode(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConditionalCheckFailed:
      return "ConditionalCheckFailed";
    case ErrorCode::kDuplicateItem:
      return "DuplicateItem";
    case ErrorCode::kItemCollectionSizeLimitExceeded:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kTransactionConflict:
      return "TransactionConflict";
    case ErrorCode::kProvisionedThroughputExceeded:
      return "ProvisionedThroughputExceeded";
    case ErrorCode::kThrottling:
      return "ThrottlingError";
    case ErrorCode::kResourceNotFound:
      return "ResourceNotFound";
    case ErrorCode::kAccessDenied:
      return "AccessDenied";
    case ErrorCode::kInternalServerError:
      return "InternalServerError";
    default:
      return "ValidationError";
  }
}

ApiError TransactionCanceled(std::span<const std::optional<ApiError>> faults,
                             InvalidActions invalid) {
  ApiError error =
      MakeError(ErrorCode::kTransactionCanceled,
                "Transaction cancelled, please refer cancellation reasons for specific reasons [");
  error.reasons.resize(faults.size());
  const auto alone = invalid == InvalidActions::kAll
                         ? faults.end()
                         : std::find_if(faults.begin(), faults.end(), IsValidationError);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const bool named = alone == faults.end() || &*alone == &faults[i];
    if (named && faults[i].has_value()) {
      error.reasons[i] = ReasonOf(*faults[i]);
    }
    error.message.append(i == 0 ? "" : ", ").append(error.reasons[i].code);
  }
  error.message.push_back(']');
  return error;
}

}  // namespace weir::dynamodb
