// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/operations.h"

#include "services/dynamodb/exports/export_operations.h"
#include "services/dynamodb/run_operation.h"

namespace weir::dynamodb {

OperationList ExportOperations() {
  return ListOf<CancelBulkOperation, DescribeBulkOperation, DescribeExport, DescribeImport,
                ExportTableToPointInTime, ImportTable, ListBulkOperations, ListExports, ListImports,
                StartBulkPutItems>();
}

}  // namespace weir::dynamodb
