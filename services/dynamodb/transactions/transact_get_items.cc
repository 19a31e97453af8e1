// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/transact_get_items.h"

#include <utility>

#include "services/dynamodb/common/expression_parameters.h"

namespace weir::dynamodb {
namespace {

Result<TransactionActions> Resolve(Context& context, const TransactGetItemsRequest& request,
                                   const TransactGetItems::Plan& plan) {
  TransactionActions actions(request.transact_items.size());
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const TransactGet& get = request.transact_items[i].get;
    if (FindTable(context, get.table_name, actions[i])) {
      WEIR_RETURN_IF_ERROR(SetRequestKey(get.key.attributes(), actions[i]));
    }
  }
  WEIR_RETURN_IF_ERROR(CheckItemsAndTables(actions));
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (plan.projections[i].has_value()) {
      WEIR_RETURN_IF_ERROR(CheckKeyPaths(*actions[i].metadata, plan.projections[i]->attributes()));
    }
  }
  return actions;
}

}  // namespace

Result<TransactGetItems::Plan> TransactGetItems::Validate(const Request& request) {
  Plan plan;
  for (const TransactGetItem& item : request.transact_items) {
    WEIR_ASSIGN_OR_RETURN(
        auto projection,
        ParseProjection(item.get.projection_expression, item.get.expression_attribute_names,
                        std::nullopt, expression::TextLayer::kOlder));
    plan.projections.push_back(std::move(projection));
  }
  return plan;
}

Result<TransactGetItems::Response> TransactGetItems::Execute(Context& context,
                                                             const Request& request,
                                                             const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const TransactionActions actions, Resolve(context, request, plan));
  WEIR_ASSIGN_OR_RETURN(const std::vector<Item> items,
                        ResultsOf(storage::ReadTogether(KeysOf(actions))));
  WEIR_RETURN_IF_ERROR(CheckReadSize(items));
  Response response;
  response.consumed_capacity = ReadFigures(actions, items, request.return_consumed_capacity);
  response.responses.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    response.responses.push_back({ShownItem(items[i], plan.projections[i])});
  }
  return response;
}

}  // namespace weir::dynamodb
