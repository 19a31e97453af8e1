// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/describe_table.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<DescribeTable::Response> DescribeTable::Execute(Context& context, const Request& request,
                                                       const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kControlTable));
  return Response{Describe(*table->metadata(), table->statistics(),
                           TableDescriptionKind::kDescribed, context.database.clock().Now())};
}

}  // namespace weir::dynamodb
