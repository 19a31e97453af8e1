// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/global_table_operations.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<CreateGlobalTable::Response> CreateGlobalTable::Execute(Context& /*context*/,
                                                               const Request& /*request*/,
                                                               const Plan& /*plan*/) {
  return VersionNotSupported();
}

Result<DescribeGlobalTable::Response> DescribeGlobalTable::Execute(Context& /*context*/,
                                                                   const Request& request,
                                                                   const Plan& /*plan*/) {
  return GlobalTableNotFound("Global table not found: ", request.global_table_name);
}

Result<DescribeGlobalTableSettings::Plan> DescribeGlobalTableSettings::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeGlobalTableSettings::Response> DescribeGlobalTableSettings::Execute(
    Context& /*context*/, const Request& request, const Plan& /*plan*/) {
  return GlobalTableNotFound("", request.global_table_name);
}

Result<DescribeTableReplicaAutoScaling::Plan> DescribeTableReplicaAutoScaling::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeTableReplicaAutoScaling::Response> DescribeTableReplicaAutoScaling::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kControlTable));
  return NoGlobalTable(TableNameOf(request.table_name));
}

Result<ListGlobalTables::Response> ListGlobalTables::Execute(Context& /*context*/,
                                                             const Request& /*request*/,
                                                             const Plan& /*plan*/) {
  return Response{};
}

Result<UpdateGlobalTable::Plan> UpdateGlobalTable::Validate(const Request& request) {
  for (const ReplicaUpdate& update : request.replica_updates) {
    if (update.create.has_value()) {
      return VersionNotSupported();
    }
  }
  if (request.replica_updates.empty() || !request.replica_updates.front().remove.has_value()) {
    return ValidationError("One or more parameter values were invalid");
  }
  return Plan{};
}

Result<UpdateGlobalTable::Response> UpdateGlobalTable::Execute(Context& /*context*/,
                                                               const Request& request,
                                                               const Plan& /*plan*/) {
  return GlobalTableNotFound("Global table not found: ", request.global_table_name);
}

Result<UpdateGlobalTableSettings::Plan> UpdateGlobalTableSettings::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateGlobalTableSettings::Response> UpdateGlobalTableSettings::Execute(
    Context& /*context*/, const Request& request, const Plan& /*plan*/) {
  return GlobalTableNotFound("", request.global_table_name);
}

Result<UpdateTableReplicaAutoScaling::Plan> UpdateTableReplicaAutoScaling::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateTableReplicaAutoScaling::Response> UpdateTableReplicaAutoScaling::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kControlTable));
  return NoGlobalTable(TableNameOf(request.table_name));
}

}  // namespace weir::dynamodb
