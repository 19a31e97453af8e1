// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/update_kinesis_streaming_destination.h"

namespace weir::dynamodb {

Result<UpdateKinesisStreamingDestination::Plan> UpdateKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateKinesisStreamingDestination::Response> UpdateKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        FindForKinesis(context.database, request.table_name));
  return InvalidDestination("No streaming destination with streamArn: " + request.stream_arn +
                            " found for table with tableName: " + table->description()->name);
}

}  // namespace weir::dynamodb
