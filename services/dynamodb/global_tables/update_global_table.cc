// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/update_global_table.h"

namespace weir::dynamodb {

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

}  // namespace weir::dynamodb
