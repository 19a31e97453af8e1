// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/destinations/describe_kinesis_streaming_destination.h"
#include "services/dynamodb/destinations/disable_kinesis_streaming_destination.h"
#include "services/dynamodb/destinations/enable_kinesis_streaming_destination.h"
#include "services/dynamodb/destinations/update_kinesis_streaming_destination.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList DestinationOperations() {
  return ListOf<DescribeKinesisStreamingDestination, DisableKinesisStreamingDestination,
                EnableKinesisStreamingDestination, UpdateKinesisStreamingDestination>();
}

}  // namespace weir::dynamodb
