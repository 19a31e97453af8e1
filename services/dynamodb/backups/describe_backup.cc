// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/describe_backup.h"

namespace weir::dynamodb {

Result<DescribeBackup::Response> DescribeBackup::Execute(Context& context, const Request& request,
                                                         const Plan& /*plan*/) {
  const storage::BackupPtr backup = context.database.backups().Find(request.backup_arn);
  if (backup == nullptr) {
    return BackupNotFound(request.backup_arn, context.request.region);
  }
  return Response{Describe(*backup, BackupStatus::kAvailable)};
}

}  // namespace weir::dynamodb
