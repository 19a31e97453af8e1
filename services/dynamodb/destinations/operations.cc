// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/destinations/destination_operations.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList DestinationOperations() {
  return ListOf<DescribeKinesisStreamingDestination, DisableKinesisStreamingDestination,
                EnableKinesisStreamingDestination, UpdateKinesisStreamingDestination>();
}

}  // namespace weir::dynamodb
