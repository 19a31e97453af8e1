// SPDX-License-Identifier: Apache-2.0
// The one list of operations that Weir carries out. All others of the service models are checked
// against their shapes and refused (docs/compatibility.md).
#pragma once

#include "operations/batch_execute_statement.h"
#include "operations/batch_get_item.h"
#include "operations/batch_write_item.h"
#include "operations/cancel_bulk_operation.h"
#include "operations/create_backup.h"
#include "operations/create_global_table.h"
#include "operations/create_table.h"
#include "operations/delete_backup.h"
#include "operations/delete_item.h"
#include "operations/delete_resource_policy.h"
#include "operations/delete_table.h"
#include "operations/describe_backup.h"
#include "operations/describe_bulk_operation.h"
#include "operations/describe_continuous_backups.h"
#include "operations/describe_contributor_insights.h"
#include "operations/describe_endpoints.h"
#include "operations/describe_export.h"
#include "operations/describe_global_table.h"
#include "operations/describe_global_table_settings.h"
#include "operations/describe_import.h"
#include "operations/describe_kinesis_streaming_destination.h"
#include "operations/describe_limits.h"
#include "operations/describe_stream.h"
#include "operations/describe_table.h"
#include "operations/describe_table_replica_auto_scaling.h"
#include "operations/describe_time_to_live.h"
#include "operations/disable_kinesis_streaming_destination.h"
#include "operations/enable_kinesis_streaming_destination.h"
#include "operations/execute_statement.h"
#include "operations/execute_transaction.h"
#include "operations/export_table_to_point_in_time.h"
#include "operations/get_item.h"
#include "operations/get_records.h"
#include "operations/get_resource_policy.h"
#include "operations/get_shard_iterator.h"
#include "operations/import_table.h"
#include "operations/list_backups.h"
#include "operations/list_bulk_operations.h"
#include "operations/list_contributor_insights.h"
#include "operations/list_exports.h"
#include "operations/list_global_tables.h"
#include "operations/list_imports.h"
#include "operations/list_streams.h"
#include "operations/list_tables.h"
#include "operations/list_tags_of_resource.h"
#include "operations/put_item.h"
#include "operations/put_resource_policy.h"
#include "operations/query.h"
#include "operations/restore_table_from_backup.h"
#include "operations/restore_table_to_point_in_time.h"
#include "operations/scan.h"
#include "operations/search_vectors.h"
#include "operations/start_bulk_put_items.h"
#include "operations/tag_resource.h"
#include "operations/transact_get_items.h"
#include "operations/transact_write_items.h"
#include "operations/untag_resource.h"
#include "operations/update_continuous_backups.h"
#include "operations/update_contributor_insights.h"
#include "operations/update_global_table.h"
#include "operations/update_global_table_settings.h"
#include "operations/update_item.h"
#include "operations/update_kinesis_streaming_destination.h"
#include "operations/update_table.h"
#include "operations/update_table_replica_auto_scaling.h"
#include "operations/update_time_to_live.h"

namespace weir::operations {

template <class... Operations>
struct OperationList {};

using AllOperations = OperationList<
    BatchExecuteStatement, BatchGetItem, BatchWriteItem, CancelBulkOperation, CreateBackup,
    CreateGlobalTable, CreateTable, DeleteBackup, DeleteItem, DeleteResourcePolicy, DeleteTable,
    DescribeBackup, DescribeBulkOperation, DescribeContinuousBackups, DescribeContributorInsights,
    DescribeEndpoints, DescribeExport, DescribeGlobalTable, DescribeGlobalTableSettings,
    DescribeImport, DescribeKinesisStreamingDestination, DescribeLimits, DescribeStream,
    DescribeTable, DescribeTableReplicaAutoScaling, DescribeTimeToLive,
    DisableKinesisStreamingDestination, EnableKinesisStreamingDestination, ExecuteStatement,
    ExecuteTransaction, ExportTableToPointInTime, GetItem, GetRecords, GetResourcePolicy,
    GetShardIterator, ImportTable, ListBackups, ListBulkOperations, ListContributorInsights,
    ListExports, ListGlobalTables, ListImports, ListStreams, ListTables, ListTagsOfResource,
    PutItem, PutResourcePolicy, Query, RestoreTableFromBackup, RestoreTableToPointInTime, Scan,
    SearchVectors, StartBulkPutItems, TagResource, TransactGetItems, TransactWriteItems,
    UntagResource, UpdateContinuousBackups, UpdateContributorInsights, UpdateGlobalTable,
    UpdateGlobalTableSettings, UpdateItem, UpdateKinesisStreamingDestination, UpdateTable,
    UpdateTableReplicaAutoScaling, UpdateTimeToLive>;

}  // namespace weir::operations
