// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/run_operation.h"
#include "services/dynamodb/transactions/held_transactions.h"
#include "services/dynamodb/transactions/transact_get_items.h"
#include "services/dynamodb/transactions/transact_write_items.h"

namespace weir::dynamodb {

OperationList TransactionOperations() {
  return ListOf<TransactGetItems, TransactWriteItems>();
}

OperationEntry HoldOperation() {
  return {TransactWriteItems::kName, &Run<HoldTransaction>};
}

}  // namespace weir::dynamodb
