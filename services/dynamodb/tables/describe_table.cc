// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/describe_table.h"

namespace weir::dynamodb {

Result<DescribeTable::Plan> DescribeTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DescribeTable::Response> DescribeTable::Execute(Context& context, const Request& request,
                                                       const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        context.database.FindTableForControl(request.table_name));
  return Response{Describe(*table->description(), table->statistics(), TableViewKind::kDescribed,
                           context.database.clock().Now())};
}

}  // namespace weir::dynamodb
