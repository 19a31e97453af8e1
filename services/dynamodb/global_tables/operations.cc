// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/global_tables/create_global_table.h"
#include "services/dynamodb/global_tables/describe_global_table.h"
#include "services/dynamodb/global_tables/describe_global_table_settings.h"
#include "services/dynamodb/global_tables/describe_table_replica_auto_scaling.h"
#include "services/dynamodb/global_tables/list_global_tables.h"
#include "services/dynamodb/global_tables/update_global_table.h"
#include "services/dynamodb/global_tables/update_global_table_settings.h"
#include "services/dynamodb/global_tables/update_table_replica_auto_scaling.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList GlobalTableOperations() {
  return ListOf<CreateGlobalTable, DescribeGlobalTable, DescribeGlobalTableSettings,
                DescribeTableReplicaAutoScaling, ListGlobalTables, UpdateGlobalTable,
                UpdateGlobalTableSettings, UpdateTableReplicaAutoScaling>();
}

}  // namespace weir::dynamodb
