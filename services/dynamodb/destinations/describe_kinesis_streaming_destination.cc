// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/describe_kinesis_streaming_destination.h"

namespace weir::dynamodb {

Result<DescribeKinesisStreamingDestination::Plan> DescribeKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeKinesisStreamingDestination::Response> DescribeKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        FindForKinesis(context.database, request.table_name));
  return Response{table->description()->name, {}};
}

}  // namespace weir::dynamodb
