// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/partiql/batch_execute_statement.h"
#include "services/dynamodb/partiql/execute_statement.h"
#include "services/dynamodb/partiql/execute_transaction.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList PartiqlOperations() {
  return ListOf<BatchExecuteStatement, ExecuteStatement, ExecuteTransaction>();
}

}  // namespace weir::dynamodb
