// SPDX-License-Identifier: Apache-2.0
#include "operations/list_exports.h"

namespace weir::operations {

Result<ListExports::Plan> ListExports::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListExports::Response> ListExports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::operations
