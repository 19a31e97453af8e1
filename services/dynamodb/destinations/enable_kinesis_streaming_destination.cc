// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/enable_kinesis_streaming_destination.h"

namespace weir::dynamodb {

Result<EnableKinesisStreamingDestination::Plan> EnableKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<EnableKinesisStreamingDestination::Response> EnableKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(FindForKinesis(context.database, request.table_name));
  return InvalidDestination("Kinesis Data Streams is not supported by Weir yet");
}

}  // namespace weir::dynamodb
