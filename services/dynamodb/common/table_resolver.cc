// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/table_resolver.h"

#include <string>

#include "services/dynamodb/common/storage_errors.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {
namespace {

ApiError NotFoundForBackups(std::string_view name) {
  return MakeError(ErrorCode::kTableNotFound, "Table not found: " + std::string(name));
}

bool IsVisible(const storage::Table& table, const TablePolicy& policy, const Database& database) {
  if (!policy.sees_creating && table.restoring()) {
    return false;
  }
  // If creation takes no time, no table is ever seen while it is being created.
  const bool may_be_creating =
      !policy.sees_creating && database.options().transition_times.creation > Micros(0);
  if (!may_be_creating && policy.sees_deleting) {
    return true;
  }
  const storage::TableChange change = ChangeAt(*table.metadata(), database.clock().Now());
  return !(may_be_creating && change == storage::TableChange::kCreation) &&
         !(!policy.sees_deleting && change == storage::TableChange::kDeletion);
}

}  // namespace

const TablePolicy kItemTable{
    .sees_creating = false, .not_found = [](std::string_view /*name*/) { return TableNotFound(); }};
const TablePolicy kControlTable{.not_found = TableNotFound};
const TablePolicy kSettledTable{.sees_creating = false, .not_found = TableNotFound};
const TablePolicy kBackupTable{.sees_deleting = false, .not_found = NotFoundForBackups};

Result<storage::TablePtr> ResolveTable(Database& database, std::string_view name_or_arn,
                                       const TablePolicy& policy) {
  const std::string_view name = TableNameOf(name_or_arn);
  storage::TablePtr table = database.tables().Find(name);
  if (table == nullptr || !IsVisible(*table, policy, database)) {
    return policy.not_found(name);
  }
  return table;
}

}  // namespace weir::dynamodb
