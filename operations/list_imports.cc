// SPDX-License-Identifier: Apache-2.0
#include "operations/list_imports.h"

namespace weir::operations {

Result<ListImports::Plan> ListImports::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListImports::Response> ListImports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::operations
