// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/items/batch_get_item.h"
#include "services/dynamodb/items/batch_write_item.h"
#include "services/dynamodb/items/delete_item.h"
#include "services/dynamodb/items/get_item.h"
#include "services/dynamodb/items/put_item.h"
#include "services/dynamodb/items/update_item.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList ItemOperations() {
  return ListOf<BatchGetItem, BatchWriteItem, DeleteItem, GetItem, PutItem, UpdateItem>();
}

}  // namespace weir::dynamodb
