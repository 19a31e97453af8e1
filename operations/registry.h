// SPDX-License-Identifier: Apache-2.0
// The one list of operations that Weir carries out. All others of the service models are checked
// against their shapes and refused (docs/compatibility.md).
#pragma once

#include "operations/batch_execute_statement.h"
#include "operations/batch_get_item.h"
#include "operations/batch_write_item.h"
#include "operations/create_table.h"
#include "operations/delete_item.h"
#include "operations/delete_table.h"
#include "operations/describe_stream.h"
#include "operations/describe_table.h"
#include "operations/execute_statement.h"
#include "operations/get_item.h"
#include "operations/get_records.h"
#include "operations/get_shard_iterator.h"
#include "operations/list_streams.h"
#include "operations/list_tables.h"
#include "operations/put_item.h"
#include "operations/query.h"
#include "operations/scan.h"
#include "operations/update_item.h"
#include "operations/update_table.h"

namespace weir::operations {

template <class... Operations>
struct OperationList {};

using AllOperations =
    OperationList<BatchExecuteStatement, BatchGetItem, BatchWriteItem, CreateTable, DeleteItem, DeleteTable,
                  DescribeStream, DescribeTable, ExecuteStatement, GetItem, GetRecords, GetShardIterator, ListStreams,
                  ListTables, PutItem, Query, Scan, UpdateItem, UpdateTable>;

}  // namespace weir::operations
