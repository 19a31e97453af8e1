// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/describe_continuous_backups.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<DescribeContinuousBackups::Plan> DescribeContinuousBackups::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeContinuousBackups::Response> DescribeContinuousBackups::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kBackupTable));
  const storage::TableMetadataPtr metadata = table->metadata();
  const Micros now = context.database.clock().Now();
  if (ChangeAt(*metadata, now) == storage::TableChange::kCreation) {
    return kBackupTable.not_found(TableNameOf(request.table_name));
  }
  return Response{DescribeBackups(*metadata, now)};
}

}  // namespace weir::dynamodb
