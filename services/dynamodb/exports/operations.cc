// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/exports/cancel_bulk_operation.h"
#include "services/dynamodb/exports/describe_bulk_operation.h"
#include "services/dynamodb/exports/describe_export.h"
#include "services/dynamodb/exports/describe_import.h"
#include "services/dynamodb/exports/export_table_to_point_in_time.h"
#include "services/dynamodb/exports/import_table.h"
#include "services/dynamodb/exports/list_bulk_operations.h"
#include "services/dynamodb/exports/list_exports.h"
#include "services/dynamodb/exports/list_imports.h"
#include "services/dynamodb/exports/start_bulk_put_items.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList ExportOperations() {
  return ListOf<CancelBulkOperation, DescribeBulkOperation, DescribeExport, DescribeImport,
                ExportTableToPointInTime, ImportTable, ListBulkOperations, ListExports, ListImports,
                StartBulkPutItems>();
}

}  // namespace weir::dynamodb
