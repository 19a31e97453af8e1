// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/delete_backup.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/time_text.h"
#include "services/dynamodb/common/storage_errors.h"

namespace weir::dynamodb {
namespace {

// The texts are AWS's (public notes from live AWS, October 2026), except for the time's format.
Status CheckDeletable(Database& database, std::string_view arn, std::string_view region) {
  const storage::BackupPtr backup = database.backups().Find(arn);
  if (backup == nullptr) {
    return BackupNotFound(arn, region);
  }
  if (backup->system()) {
    return ValidationError(
        "Invalid Request: User is not allowed to delete the system backup with arn " + backup->arn +
        ". It will automatically expire on " + UtcMicros(*backup->expiry));
  }
  const std::vector<storage::TablePtr> tables = database.tables().All();
  const bool in_use = std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
    const storage::TableMetadataPtr metadata = table->metadata();
    return IsRestoring(*metadata) && metadata->restore->source_backup_arn == arn;
  });
  return in_use ? Status(MakeError(ErrorCode::kBackupInUse,
                                   "Backup is being used to restore table: " + backup->arn))
                : Status();
}

}  // namespace

Result<DeleteBackup::Response> DeleteBackup::Execute(Context& context, const Request& request,
                                                     const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_RETURN_IF_ERROR(CheckDeletable(database, request.backup_arn, context.request.region));
  WEIR_RETURN_IF_ERROR(Worded(database.engine().CheckWritable()));
  storage::BackupPtr backup = database.RemoveBackup(request.backup_arn);
  if (backup == nullptr) {
    return BackupNotFound(request.backup_arn, context.request.region);
  }
  Response response{Describe(*backup, BackupStatus::kDeleted)};
  database.Discard({std::move(backup)});
  return response;
}

}  // namespace weir::dynamodb
