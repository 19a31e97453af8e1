// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/list_imports.h"

namespace weir::dynamodb {

Result<ListImports::Plan> ListImports::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListImports::Response> ListImports::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::dynamodb
