// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/cancel_bulk_operation.h"

namespace weir::dynamodb {

Result<CancelBulkOperation::Plan> CancelBulkOperation::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<CancelBulkOperation::Response> CancelBulkOperation::Execute(Context& /*context*/,
                                                                   const Request& request,
                                                                   const Plan& /*plan*/) {
  return MakeError(ErrorCode::kResourceNotFound,
                   "Requested resource not found: BulkOperationArn: " + request.bulk_operation_arn +
                       " not found");
}

}  // namespace weir::dynamodb
