// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/describe_import.h"

#include "services/dynamodb/common/table_arn.h"

namespace weir::dynamodb {

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

}  // namespace weir::dynamodb
