// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/global_tables/list_global_tables.h"

namespace weir::dynamodb {

Result<ListGlobalTables::Plan> ListGlobalTables::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ListGlobalTables::Response> ListGlobalTables::Execute(Context& /*context*/,
                                                             const Request& /*request*/,
                                                             const Plan& /*plan*/) {
  return Response{};
}

}  // namespace weir::dynamodb
