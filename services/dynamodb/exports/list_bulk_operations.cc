// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/list_bulk_operations.h"

namespace weir::dynamodb {

Result<ListBulkOperations::Plan> ListBulkOperations::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListBulkOperations::Response> ListBulkOperations::Execute(Context& /*context*/,
                                                                 const Request& /*request*/,
                                                                 const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::dynamodb
