// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/run_operation.h"
#include "services/dynamodb/tables/create_table.h"
#include "services/dynamodb/tables/delete_table.h"
#include "services/dynamodb/tables/describe_endpoints.h"
#include "services/dynamodb/tables/describe_limits.h"
#include "services/dynamodb/tables/describe_table.h"
#include "services/dynamodb/tables/list_tables.h"
#include "services/dynamodb/tables/update_table.h"

namespace weir::dynamodb {

OperationList TableOperations() {
  return ListOf<CreateTable, DeleteTable, DescribeEndpoints, DescribeLimits, DescribeTable,
                ListTables, UpdateTable>();
}

}  // namespace weir::dynamodb
