// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/storage_errors.h"

#include <string>

#include "core/limits.h"
#include "services/dynamodb/database.h"

namespace weir::dynamodb {
namespace {

ApiError AtLimit(std::size_t limit, std::string_view of) {
  return MakeError(ErrorCode::kLimitExceeded, "Subscriber limit exceeded: There is a limit of " +
                                                  std::to_string(limit) + " " + std::string(of) +
                                                  " per subscriber");
}

}  // namespace

ApiError TableNotFound() {
  return MakeError(ErrorCode::kResourceNotFound, "Requested resource not found");
}

ApiError TableNotFound(std::string_view name) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: Table: " + std::string(name) + " not found");
}

ApiError IndexNotFound(std::string_view name) {
  return ValidationError("The table does not have the specified index: " + std::string(name));
}

ApiError ErrorOf(storage::Fault fault) {
  using Kind = storage::Fault::Kind;
  switch (fault.kind) {
    case Kind::kTableDropped:
      return TableNotFound();
    case Kind::kTableNameTaken:
      return MakeError(ErrorCode::kResourceInUse, "Table already exists: " + fault.name);
    case Kind::kTooManyTables:
      return AtLimit(limits::kTablesPerRegion, "tables");
    case Kind::kTooManyBackups:
      return AtLimit(limits::kBackups, "backups");
    case Kind::kIndexMissing:
      return IndexNotFound(fault.name);
    case Kind::kIndexBuilding:
      return ValidationError("Cannot read from backfilling global secondary index: " + fault.name);
    case Kind::kItemHeld:
      return MakeError(ErrorCode::kTransactionConflict, "Transaction is ongoing for the item");
    case Kind::kItemCollectionTooLarge:
      return MakeError(ErrorCode::kItemCollectionSizeLimitExceeded, "Collection size exceeded.");
    case Kind::kDataFolderFails:
      return MakeError(ErrorCode::kInternalServerError,
                       "Nothing can be written to the data folder: " + fault.name);
    case Kind::kDataFolderBusy:
      return MakeError(ErrorCode::kInternalServerError,
                       "Too much waits to be written to the data folder");
    case Kind::kChangeUnreadable:
      return MakeError(ErrorCode::kInternalServerError,
                       "A change cannot be read from the data folder: " + fault.name);
    case Kind::kRefused:
      break;
  }
  return std::move(fault.refusal);
}

ApiError ErrorOf(storage::Fault fault, std::string_view name_or_arn) {
  return fault.kind == storage::Fault::Kind::kTableDropped ? TableNotFound(TableNameOf(name_or_arn))
                                                           : ErrorOf(std::move(fault));
}

}  // namespace weir::dynamodb
