// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/describe_time_to_live.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<DescribeTimeToLive::Response> DescribeTimeToLive::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kControlTable));
  return Response{DescribeTimeToLiveOf(table->metadata()->time_to_live)};
}

}  // namespace weir::dynamodb
