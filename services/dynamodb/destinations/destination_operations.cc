// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/destinations/destination_operations.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<DescribeKinesisStreamingDestination::Plan> DescribeKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeKinesisStreamingDestination::Response> DescribeKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kSettledTable));
  return Response{table->metadata()->name, {}};
}

Result<DisableKinesisStreamingDestination::Plan> DisableKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DisableKinesisStreamingDestination::Response> DisableKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kSettledTable));
  return InvalidDestination(
      "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.");
}

Result<EnableKinesisStreamingDestination::Plan> EnableKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<EnableKinesisStreamingDestination::Response> EnableKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kSettledTable));
  return InvalidDestination("Kinesis Data Streams is not supported by Weir yet");
}

Result<UpdateKinesisStreamingDestination::Plan> UpdateKinesisStreamingDestination::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateKinesisStreamingDestination::Response> UpdateKinesisStreamingDestination::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kSettledTable));
  return InvalidDestination("No streaming destination with streamArn: " + request.stream_arn +
                            " found for table with tableName: " + table->metadata()->name);
}

}  // namespace weir::dynamodb
