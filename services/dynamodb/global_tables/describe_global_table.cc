// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/describe_global_table.h"

namespace weir::dynamodb {

Result<DescribeGlobalTable::Plan> DescribeGlobalTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DescribeGlobalTable::Response> DescribeGlobalTable::Execute(Context& /*context*/,
                                                                   const Request& request,
                                                                   const Plan& /*plan*/) {
  return GlobalTableNotFound("Global table not found: ", request.global_table_name);
}

}  // namespace weir::dynamodb
