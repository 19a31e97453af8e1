// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/describe_global_table_settings.h"

namespace weir::dynamodb {

Result<DescribeGlobalTableSettings::Plan> DescribeGlobalTableSettings::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeGlobalTableSettings::Response> DescribeGlobalTableSettings::Execute(
    Context& /*context*/, const Request& request, const Plan& /*plan*/) {
  return GlobalTableNotFound("", request.global_table_name);
}

}  // namespace weir::dynamodb
