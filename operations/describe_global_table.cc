// SPDX-License-Identifier: Apache-2.0
#include "operations/describe_global_table.h"

namespace weir::operations {

Result<DescribeGlobalTable::Plan> DescribeGlobalTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DescribeGlobalTable::Response> DescribeGlobalTable::Execute(Context& /*context*/,
                                                                   const Request& request,
                                                                   const Plan& /*plan*/) {
  return GlobalTableNotFound("Global table not found: ", request.global_table_name);
}

}  // namespace weir::operations
