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
  const storage::Table& source = *table.value();
  Result<storage::BackupPtr> added = storage::BackupPtr();
  // The table does not change meanwhile, so the backup is of the moment at which it is kept.
  const auto add = [&](const storage::TableImage& image) {
    if (ChangeAt(*image.metadata, database.clock().Now()) == storage::TableChange::kCreation) {
      added = BackupsBeingEnabled(image.metadata->name);
      return;
    }
    storage::Backup backup;
    backup.name = request.backup_name;
    backup.creation_time = database.clock().Now();
    backup.image = {image.metadata, image.items, image.statistics};
    added = Worded(database.AddBackup(std::move(backup), source));
  };
  WEIR_RETURN_IF_ERROR(Worded(database.engine().CheckWritable()));
  const Database::Structure structure(database);
  if (!source.Image(add).ok()) {  // the table was dropped meanwhile
    return kBackupTable.not_found(TableNameOf(request.table_name));
  }
  if (!added.ok()) {
    return std::move(added).error();
  }
  return Response{DescribeDetails(*added.value(), BackupStatus::kCreating)};
}

}  // namespace weir::dynamodb
