// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/backups/create_backup.h"
#include "services/dynamodb/backups/delete_backup.h"
#include "services/dynamodb/backups/describe_backup.h"
#include "services/dynamodb/backups/describe_continuous_backups.h"
#include "services/dynamodb/backups/list_backups.h"
#include "services/dynamodb/backups/restore_table_from_backup.h"
#include "services/dynamodb/backups/restore_table_to_point_in_time.h"
#include "services/dynamodb/backups/update_continuous_backups.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList BackupOperations() {
  return ListOf<CreateBackup, DeleteBackup, DescribeBackup, DescribeContinuousBackups, ListBackups,
                RestoreTableFromBackup, RestoreTableToPointInTime, UpdateContinuousBackups>();
}

}  // namespace weir::dynamodb
