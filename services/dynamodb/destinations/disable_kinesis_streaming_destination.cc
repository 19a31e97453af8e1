// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/disable_kinesis_streaming_destination.h"

namespace weir::dynamodb {

Result<DisableKinesisStreamingDestination::Plan> DisableKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DisableKinesisStreamingDestination::Response> DisableKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(FindForKinesis(context.database, request.table_name));
  return InvalidDestination(
      "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
}

}  // namespace weir::dynamodb
