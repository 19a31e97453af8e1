// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/export_operations.h"

#include "services/dynamodb/common/table_arn.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<CancelBulkOperation::Response> CancelBulkOperation::Execute(Context& /*context*/,
                                                                   const Request& request,
                                                                   const Plan& /*plan*/) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: BulkOperationArn: " + request.bulk_operation_arn +
                       " not found");
}

Result<DescribeBulkOperation::Response> DescribeBulkOperation::Execute(Context& /*context*/,
                                                                       const Request& request,
                                                                       const Plan& /*plan*/) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: BulkOperationArn: " + request.bulk_operation_arn +
                       " not found");
}

Result<DescribeExport::Plan> DescribeExport::Validate(const Request& request) {
  if (!IsTablePartArn(request.export_arn, "/export/")) {
    return ValidationError("Invalid Export ARN");
  }
  return Plan{};
}

Result<DescribeExport::Response> DescribeExport::Execute(Context& /*context*/,
                                                         const Request& request,
                                                         const Plan& /*plan*/) {
  return MakeError(ErrorCode::kExportNotFound,
                   "Export not found: Export not found: " + request.export_arn);
}

Result<DescribeImport::Plan> DescribeImport::Validate(const Request& request) {
  if (!IsTablePartArn(request.import_arn, "/import/")) {
    return ValidationError("Invalid Import ARN");
  }
  return Plan{};
}

Result<DescribeImport::Response> DescribeImport::Execute(Context& /*context*/,
                                                         const Request& request,
                                                         const Plan& /*plan*/) {
  return MakeError(ErrorCode::kImportNotFound, "Import not found: " + request.import_arn);
}

Result<ExportTableToPointInTime::Plan> ExportTableToPointInTime::Validate(const Request& request) {
  if (!TableNameOfArn(request.table_arn).has_value()) {
    return ValidationError("Invalid TableArn: Invalid Table ARN");
  }
  return Plan{};
}

Result<ExportTableToPointInTime::Response> ExportTableToPointInTime::Execute(Context& context,
                                                                             const Request& request,
                                                                             const Plan& /*plan*/) {
  const storage::TablePtr table = context.database.tables().Find(TableNameOf(request.table_arn));
  if (table == nullptr) {
    return MakeError(ErrorCode::kTableNotFound, "Table not found: " + request.table_arn);
  }
  WEIR_RETURN_IF_ERROR(CheckPointInTimeRecovery(*table->metadata()));
  return OperationNotSupported(kName);
}

Result<ImportTable::Response> ImportTable::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return OperationNotSupported(kName);
}

Result<ListBulkOperations::Response> ListBulkOperations::Execute(Context& /*context*/,
                                                                 const Request& /*request*/,
                                                                 const Plan& /*plan*/) {
  return Response{};
}

Result<ListExports::Response> ListExports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

Result<ListImports::Response> ListImports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

Result<StartBulkPutItems::Response> StartBulkPutItems::Execute(Context& context,
                                                               const Request& request,
                                                               const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(ResolveTable(context.database, request.table_name, kControlTable));
  return OperationNotSupported(kName);
}

}  // namespace weir::dynamodb
