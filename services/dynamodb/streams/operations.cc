// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/run_operation.h"
#include "services/dynamodb/streams/describe_stream.h"
#include "services/dynamodb/streams/get_records.h"
#include "services/dynamodb/streams/get_shard_iterator.h"
#include "services/dynamodb/streams/list_streams.h"

namespace weir::dynamodb {

OperationList StreamOperations() {
  return ListOf<DescribeStream, GetRecords, GetShardIterator, ListStreams>();
}

}  // namespace weir::dynamodb
