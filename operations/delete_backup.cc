// SPDX-License-Identifier: Apache-2.0
#include "operations/delete_backup.h"

#include <utility>

namespace weir::operations {

Result<DeleteBackup::Plan> DeleteBackup::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DeleteBackup::Response> DeleteBackup::Execute(Context& context, const Request& request,
                                                     const Plan& /*plan*/) {
  Database& database = context.database;
  storage::BackupPtr backup = database.backups().Find(request.backup_arn);
  if (backup != nullptr && backup->system()) {
    return ValidationError("A SYSTEM backup cannot be deleted: " + request.backup_arn);
  }
  backup = database.backups().Remove(request.backup_arn);
  if (backup == nullptr) {
    return BackupNotFound(request.backup_arn);
  }
  Response response{Describe(*backup, BackupStatus::kDeleted)};
  // The items may be nobody else's any more: freeing many takes a while.
  database.background().Post([backup = std::move(backup)]() mutable { backup.reset(); });
  return response;
}

}  // namespace weir::operations
