// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/create_global_table.h"

namespace weir::dynamodb {

Result<CreateGlobalTable::Plan> CreateGlobalTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<CreateGlobalTable::Response> CreateGlobalTable::Execute(Context& /*context*/,
                                                               const Request& /*request*/,
                                                               const Plan& /*plan*/) {
  return VersionNotSupported();
}

}  // namespace weir::dynamodb
