// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/describe_table_replica_auto_scaling.h"

namespace weir::dynamodb {

Result<DescribeTableReplicaAutoScaling::Plan> DescribeTableReplicaAutoScaling::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeTableReplicaAutoScaling::Response> DescribeTableReplicaAutoScaling::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(context.database.FindTableForControl(request.table_name));
  return NoGlobalTable(TableNameOf(request.table_name));
}

}  // namespace weir::dynamodb
