// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/import_table.h"

namespace weir::dynamodb {

Result<ImportTable::Plan> ImportTable::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<ImportTable::Response> ImportTable::Execute(Context& /*context*/, const Request& /*request*/,
                                                   const Plan& /*plan*/) {
  return OperationNotSupported(kName);
}

}  // namespace weir::dynamodb
