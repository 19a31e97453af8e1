// SPDX-License-Identifier: Apache-2.0
#include "operations/create_global_table.h"

namespace weir::operations {

Result<CreateGlobalTable::Plan> CreateGlobalTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<CreateGlobalTable::Response> CreateGlobalTable::Execute(Context& /*context*/,
                                                               const Request& /*request*/,
                                                               const Plan& /*plan*/) {
  return VersionNotSupported();
}

}  // namespace weir::operations
