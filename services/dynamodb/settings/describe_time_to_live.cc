// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/describe_time_to_live.h"

#include <string>

#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {

Result<DescribeTimeToLive::Response> DescribeTimeToLive::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kControlTable));
  const storage::TableMetadataPtr metadata = table->metadata();
  const TableStatus status = StatusAt(*metadata, context.database.clock().Now());
  if (status == TableStatus::kCreating || status == TableStatus::kDeleting) {
    const std::string name(NameOf(status));
    return ValidationError("Cannot describe time to live while table is in " + name +
                           " state: Current table state is " + name);
  }
  return Response{DescribeTimeToLiveOf(metadata->time_to_live)};
}

}  // namespace weir::dynamodb
