// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/exports/start_bulk_put_items.h"

namespace weir::dynamodb {

Result<StartBulkPutItems::Plan> StartBulkPutItems::Validate(const Request& /*request*/) {
  return Plan{};
}

Result<StartBulkPutItems::Response> StartBulkPutItems::Execute(Context& context,
                                                               const Request& request,
                                                               const Plan& /*plan*/) {
  WEIR_RETURN_IF_ERROR(context.database.FindTableForControl(request.table_name));
  return OperationNotSupported(kName);
}

}  // namespace weir::dynamodb
