// SPDX-License-Identifier: Apache-2.0
#include "core/api_error.h"

#include <array>
#include <cstddef>

namespace weir {

namespace {

// In the order of the codes.
constexpr std::array kWireNames = std::to_array<std::string_view>({
    "ValidationException",
    "SerializationException",
    "UnknownOperationException",
    "MissingAuthenticationTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "AccessDeniedException",
    "ResourceNotFoundException",
    "ResourceInUseException",
    "TableNotFoundException",
    "TableAlreadyExistsException",
    "PolicyNotFoundException",
    "GlobalTableNotFoundException",
    "ExportNotFoundException",
    "ImportNotFoundException",
    "ContinuousBackupsUnavailableException",
    "PointInTimeRecoveryUnavailableException",
    "BackupNotFoundException",
    "BackupInUseException",
    "ConditionalCheckFailedException",
    "DuplicateItemException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "IdempotentParameterMismatchException",
    "ItemCollectionSizeLimitExceededException",
    "LimitExceededException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestEntityTooLargeException",
    "TrimmedDataAccessException",
    "ExpiredIteratorException",
    "ServiceUnavailableException",
    "InternalServerError",
});
static_assert(kWireNames.size() == static_cast<std::size_t>(ErrorCode::kInternalServerError) + 1);

}  // namespace

std::string_view WireName(ErrorCode code) {
  return kWireNames[static_cast<std::size_t>(code)];
}

ApiError InvalidParameter(std::string_view message) {
  return ValidationError("One or more parameter values were invalid: " + std::string(message));
}

}  // namespace weir
