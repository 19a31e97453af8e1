// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/delete_table.h"

#include <memory>
#include <optional>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

// Leaves a SYSTEM backup of a deleted table that had point-in-time recovery. It is kept for as long
// as the recovery would have gone back (35 days by default; recorded on AWS):
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
// `metadata` is the table's before the deletion.
void LeaveBackup(Database& database, const storage::Table& table,
                 const storage::TableMetadata& metadata) {
  storage::Backup backup;
  backup.name = metadata.name + "$DeletedTableBackup";
  backup.creation_time = database.clock().Now();
  backup.expiry = backup.creation_time +
                  std::chrono::days(metadata.settings.point_in_time_recovery->period_days);
  backup.image = table.LastImage();
  backup.image.metadata = std::make_shared<const storage::TableMetadata>(metadata);
  (void)database.AddBackup(std::move(backup), table);  // a SYSTEM backup always finds room
}

}  // namespace

Result<DeleteTable::Response> DeleteTable::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table,
                        ResolveTable(database, request.table_name, kControlTable));
  const Micros now = database.clock().Now();
  const Micros time = database.options().transition_times.deletion;
  std::optional<storage::TableMetadata> before;
  const auto end = [&](storage::TableMetadata& metadata) -> Status {
    WEIR_RETURN_IF_ERROR(CheckDeletable(metadata, now));
    if (metadata.deletion_protection) {
      return ValidationError(
          "Resource cannot be deleted as it is currently protected against deletion. Disable "
          "deletion protection first.");
    }
    before = metadata;
    Begin(metadata, storage::TableChange::kDeletion, now, time);
    database.DisableStream(metadata);
    return {};
  };
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->metadata(), now));
  const MemoryReserve::Scope whole;  // or a dropped table might stay in the list
  const Database::Structure structure(database);
  const storage::RowGroup together(database.engine());  // ends before the lock of the structure
  WEIR_ASSIGN_OR_RETURN(const storage::TableMetadataPtr dropped,
                        WordedForControl(table->Drop(end), request.table_name));
  if (before->settings.point_in_time_recovery.has_value()) {
    LeaveBackup(database, *table, *before);
  }
  Response response{Describe(*dropped, table->statistics(), TableDescriptionKind::kDeleted, now)};
  if (time > Micros(0)) {
    database.RemoveAt(table, dropped->change_due);
    return response;
  }
  database.tables().Remove(*table);
  database.Discard(std::move(table));
  return response;
}

}  // namespace weir::dynamodb
