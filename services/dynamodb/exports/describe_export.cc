// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/describe_export.h"

#include "services/dynamodb/common/table_arn.h"

namespace weir::dynamodb {

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

}  // namespace weir::dynamodb
