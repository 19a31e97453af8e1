// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/create_backup.h"

#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<CreateBackup::Response> CreateBackup::Execute(Context& context, const Request& request,
                                                     const Plan& /*plan*/) {
  Database& database = context.database;
  Result<storage::TablePtr> table = ResolveTable(database, request.table_name, kControlTable);
  if (!table.ok()) {
    return kBackupTable.not_found(TableNameOf(request.table_name));
  }
  storage::Outcome<storage::TableImage> image = table.value()->Image();
  if (!image.ok()) {  // the table was dropped meanwhile
    return kBackupTable.not_found(TableNameOf(request.table_name));
  }
  if (ChangeAt(*image.value().metadata, database.clock().Now()) ==
      storage::TableChange::kCreation) {
    return BackupsBeingEnabled(image.value().metadata->name);
  }
  storage::Backup backup;
  backup.name = request.backup_name;
  backup.creation_time = database.clock().Now();
  backup.image = std::move(image).value();
  WEIR_ASSIGN_OR_RETURN(const storage::BackupPtr added,
                        Worded(database.AddBackup(std::move(backup))));
  return Response{DescribeDetails(*added, BackupStatus::kCreating)};
}

}  // namespace weir::dynamodb
