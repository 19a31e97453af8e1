// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/global_tables/global_table_operations.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList GlobalTableOperations() {
  return ListOf<CreateGlobalTable, DescribeGlobalTable, DescribeGlobalTableSettings,
                DescribeTableReplicaAutoScaling, ListGlobalTables, UpdateGlobalTable,
                UpdateGlobalTableSettings, UpdateTableReplicaAutoScaling>();
}

}  // namespace weir::dynamodb
