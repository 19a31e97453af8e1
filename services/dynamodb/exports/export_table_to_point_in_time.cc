// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/export_table_to_point_in_time.h"

#include "services/dynamodb/common/table_arn.h"

namespace weir::dynamodb {

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
  WEIR_RETURN_IF_ERROR(CheckPointInTimeRecovery(*table->description()));
  return OperationNotSupported(kName);
}

}  // namespace weir::dynamodb
