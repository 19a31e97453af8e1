// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/list_exports.h"

namespace weir::dynamodb {

Result<ListExports::Plan> ListExports::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListExports::Response> ListExports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::dynamodb
