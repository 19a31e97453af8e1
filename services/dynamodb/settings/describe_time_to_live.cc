// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/describe_time_to_live.h"

namespace weir::dynamodb {

Result<DescribeTimeToLive::Plan> DescribeTimeToLive::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<DescribeTimeToLive::Response> DescribeTimeToLive::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        context.database.FindTableForControl(request.table_name));
  return Response{DescribeTimeToLiveOf(table->description()->time_to_live)};
}

}  // namespace weir::dynamodb
