// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/update_global_table_settings.h"

namespace weir::dynamodb {

Result<UpdateGlobalTableSettings::Plan> UpdateGlobalTableSettings::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateGlobalTableSettings::Response> UpdateGlobalTableSettings::Execute(
    Context& /*context*/, const Request& request, const Plan& /*plan*/) {
  return GlobalTableNotFound("", request.global_table_name);
}

}  // namespace weir::dynamodb
