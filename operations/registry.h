// SPDX-License-Identifier: Apache-2.0
// The one list of operations that Weir carries out. All others of the service models are checked
// against their shapes and refused (docs/compatibility.md).
#pragma once

#include "operations/batch_get_item.h"
#include "operations/batch_write_item.h"
#include "operations/create_backup.h"
#include "operations/create_table.h"
#include "operations/delete_backup.h"
#include "operations/delete_item.h"
#include "operations/delete_table.h"
#include "operations/describe_backup.h"
#include "operations/describe_stream.h"
#include "operations/describe_table.h"
#include "operations/describe_time_to_live.h"
#include "operations/get_item.h"
#include "operations/get_records.h"
#include "operations/get_shard_iterator.h"
#include "operations/list_backups.h"
#include "operations/list_streams.h"
#include "operations/list_tables.h"
#include "operations/put_item.h"
#include "operations/query.h"
#include "operations/restore_table_from_backup.h"
#include "operations/scan.h"
#include "operations/transact_get_items.h"
#include "operations/transact_write_items.h"
#include "operations/update_item.h"
#include "operations/update_table.h"
#include "operations/update_time_to_live.h"

namespace weir::operations {

template <class... Operations>
struct OperationList {};

using AllOperations =
    OperationList<BatchGetItem, BatchWriteItem, CreateBackup, CreateTable, DeleteBackup, DeleteItem,
                  DeleteTable, DescribeBackup, DescribeStream, DescribeTable, DescribeTimeToLive,
                  GetItem, GetRecords, GetShardIterator, ListBackups, ListStreams, ListTables,
                  PutItem, Query, RestoreTableFromBackup, Scan, TransactGetItems,
                  TransactWriteItems, UpdateItem, UpdateTable, UpdateTimeToLive>;

}  // namespace weir::operations
