// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/get_item.h"

#include <utility>

#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<GetItem::Plan> GetItem::Validate(const Request& request) {
  WEIR_ASSIGN_OR_RETURN(auto projection,
                        ParseProjection(request.projection_expression,
                                        request.expression_attribute_names, request.value_fault));
  if (request.attributes_to_get.has_value()) {
    WEIR_ASSIGN_OR_RETURN(projection, ParseAttributesToGet(request.attributes_to_get));
  }
  return Plan{std::move(projection)};
}

Result<GetItem::Response> GetItem::Execute(Context& context, const Request& request,
                                           const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kItemTable));
  WEIR_ASSIGN_OR_RETURN(const PrimaryKey key,
                        PrimaryKey::OfRequest(table->key_schema(), request.key.attributes()));
  if (plan.projection.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyPaths(*table->metadata(), plan.projection->attributes()));
  }
  WEIR_ASSIGN_OR_RETURN(Item item, Worded(table->Get(key)));
  Response response;
  response.consumed_capacity =
      CapacityCharge(ReadUnits(item.aws_size(), request.consistent_read.value_or(false)))
          .Report(request.return_consumed_capacity, TableNameOf(request.table_name));
  response.item = expression::Projected(item, plan.projection);
  return response;
}

}  // namespace weir::dynamodb
