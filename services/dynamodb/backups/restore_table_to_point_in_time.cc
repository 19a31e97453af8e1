// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/restore_table_to_point_in_time.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<RestoreTableToPointInTime::Plan> RestoreTableToPointInTime::Validate(
    const Request& request) {
  if (request.source_table_arn.has_value() == request.source_table_name.has_value()) {
    return ValidationError("Must provide exactly one of: sourceTableArn, sourceTableName");
  }
  if (request.restore_date_time.has_value() == request.use_latest_restorable_time.value_or(false)) {
    return ValidationError(
        "Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be "
        "specified, but not both");
  }
  return Plan{};
}

Result<RestoreTableToPointInTime::Response> RestoreTableToPointInTime::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  const std::string& source = request.source_table_name.has_value() ? *request.source_table_name
                                                                    : *request.source_table_arn;
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, source, kBackupTable));
  WEIR_RETURN_IF_ERROR(CheckPointInTimeRecovery(*table->metadata()));
  if (context.database.tables().Find(request.target_table_name) != nullptr) {
    return MakeError(ErrorCode::kTableAlreadyExists,
                     "Table already exists: " + request.target_table_name);
  }
  return OperationNotSupported(kName);
}

}  // namespace weir::dynamodb
