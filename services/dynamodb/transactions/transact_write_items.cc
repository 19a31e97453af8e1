// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/transact_write_items.h"

#include <string>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"
#include "services/dynamodb/indexes/index_keys.h"
#include "services/dynamodb/transactions/fingerprint.h"

namespace weir::dynamodb {
namespace {

// Checks that an element of TransactItems is exactly one action.
Status CheckKind(const TransactWriteItem& action) {
  const int kinds = static_cast<int>(action.condition_check.has_value()) +
                    static_cast<int>(action.put.has_value()) +
                    static_cast<int>(action.delete_.has_value()) +
                    static_cast<int>(action.update.has_value());
  if (kinds == 0) {
    return ValidationError(
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  if (kinds > 1) {
    return ValidationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return {};
}

Status ParseExpressions(const TransactWriteItem& action, UpdatePlan& plan) {
  const TransactMembers& members = action.members();
  expression::Placeholders placeholders =
      MakePlaceholders(members.expression_attribute_names, members.expression_attribute_values,
                       expression::TextLayer::kOlder);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  WEIR_ASSIGN_OR_RETURN(
      plan.condition,
      WriteCondition::Parse(members.condition_expression,
                            members.return_values_on_condition_check_failure, placeholders));
  if (action.update.has_value()) {
    WEIR_ASSIGN_OR_RETURN(
        plan.update, expression::Update::Parse(action.update->update_expression, placeholders));
  }
  return placeholders.CheckUnused();
}

Result<UpdatePlan> ParseAction(const TransactWriteItem& action) {
  WEIR_RETURN_IF_ERROR(CheckKind(action));
  const TransactMembers& members = action.members();
  const bool has_expressions =
      members.condition_expression.has_value() || action.update.has_value();
  // A put may have values without a condition (observed on AWS).
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(members.expression_attribute_names,
                                          members.expression_attribute_values,
                                          {.any = has_expressions,
                                           .with_values = has_expressions || action.put.has_value(),
                                           .absent = ": ConditionExpression is null"},
                                          action.item_or_key().fault));
  UpdatePlan plan;
  if (has_expressions) {
    WEIR_RETURN_IF_ERROR(ParseExpressions(action, plan));
  }
  if (action.put.has_value() && action.put->item.item.aws_size() > limits::kItemSize) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return plan;
}

// How many bytes an action counts towards the size limit of a transaction (bisected on DynamoDB
// Local).
std::size_t PayloadSize(const TransactWriteItem& action) {
  const TransactMembers& members = action.members();
  std::size_t size = action.item_or_key().item.aws_size();
  size += members.condition_expression.value_or("").size();
  if (action.update.has_value()) {
    size += action.update->update_expression.size();
  }
  for (const MapView::Entry entry : members.expression_attribute_values.values.attributes()) {
    size += AwsSize(entry.value);
  }
  return size;
}

Status CheckPayload(const TransactWriteItemsRequest& request) {
  std::size_t size = 0;
  for (const TransactWriteItem& action : request.transact_items) {
    size += PayloadSize(action);
    if (size > limits::kTransactionSize) {
      return ValidationError("Transaction payload size cannot exceed 4MB. Payload Size: " +
                             std::to_string(size));
    }
  }
  return {};
}

// Resolves an action of the request, whose table was found, into `action`: its key and its
// mutation. What refuses the whole transaction is returned as an error; what only cancels it
// becomes the action's fault.
class ActionResolver {
 public:
  ActionResolver(const TransactWriteItem& item, const UpdatePlan& plan, TransactionAction& action)
      : item_(item), plan_(plan), action_(action) {}

  Status ResolveKey() {
    if (!item_.put.has_value()) {
      return SetRequestKey(item_.item_or_key().item.attributes(), action_);
    }
    const MapView attributes = item_.put->item.item.attributes();
    const KeySchema& schema = action_.metadata->key_schema;
    WEIR_RETURN_IF_ERROR(CheckKeysNotEmpty(schema, attributes));
    SetOrFail(PrimaryKey::OfItem(schema, attributes));
    return {};
  }

  Status ResolveMutation() {
    const storage::TableMetadata& table = *action_.metadata;
    WEIR_RETURN_IF_ERROR(plan_.condition.CheckKeyPaths(table));
    if (item_.put.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckIndexKeysNotEmptyInPut(table, item_.put->item.item.attributes()));
      Require(CheckPutFits(table, item_.put->item.item));
      action_.mutation = std::make_unique<PutMutation>(item_.put->item.item, plan_.condition);
    } else if (item_.update.has_value()) {
      Require(CheckKeysUntouched(plan_, table));
      if (!action_.fault.has_value()) {
        WEIR_RETURN_IF_ERROR(CheckKeyPaths(table, plan_.update->attributes()));
      }
      WEIR_RETURN_IF_ERROR(CheckIndexKeysNotEmptyInUpdate(table, *plan_.update));
      action_.mutation = std::make_unique<UpdateMutation>(table, item_.update->key.item, plan_);
    } else if (item_.delete_.has_value()) {
      action_.mutation = std::make_unique<DeleteMutation>(plan_.condition);
    } else {
      action_.mutation = std::make_unique<ConditionCheckMutation>(plan_.condition);
    }
    return {};
  }

 private:
  static Status CheckPutFits(const storage::TableMetadata& table, const Item& item) {
    WEIR_RETURN_IF_ERROR(CheckIndexKeysOfPut(table, item.attributes()));
    if (storage::SizeWithLocalEntries(table, item) > limits::kItemSize) {
      return ValidationError("Item size has exceeded the maximum allowed size");
    }
    return {};
  }
  void SetOrFail(Result<PrimaryKey> key) {
    if (key.ok()) {
      action_.key = std::move(key).value();
    } else {
      action_.fault = std::move(key).error();
    }
  }
  void Require(Status status) {
    if (!status.ok() && !action_.fault.has_value()) {
      action_.fault = std::move(status).error();
    }
  }

  const TransactWriteItem& item_;
  const UpdatePlan& plan_;
  TransactionAction& action_;
};

}  // namespace

const TransactMembers& TransactWriteItem::members() const {
  if (put.has_value()) {
    return *put;
  }
  if (update.has_value()) {
    return *update;
  }
  return delete_.has_value() ? *delete_ : *condition_check;
}

const CheckedItem& TransactWriteItem::item_or_key() const {
  if (put.has_value()) {
    return put->item;
  }
  if (update.has_value()) {
    return update->key;
  }
  return delete_.has_value() ? delete_->key : condition_check->key;
}

Result<TransactWriteItems::Plan> TransactWriteItems::Validate(const Request& request) {
  Plan plan;
  plan.actions.reserve(request.transact_items.size());
  for (const TransactWriteItem& item : request.transact_items) {
    WEIR_ASSIGN_OR_RETURN(UpdatePlan action, ParseAction(item));
    plan.actions.push_back(std::move(action));
  }
  WEIR_RETURN_IF_ERROR(CheckPayload(request));
  return plan;
}

Result<TransactionActions> TransactWriteItems::Resolve(Context& context, const Request& request,
                                                       const Plan& plan) {
  TransactionActions actions(request.transact_items.size());
  const auto resolver = [&](std::size_t i) {
    return ActionResolver(request.transact_items[i], plan.actions[i], actions[i]);
  };
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (FindTable(context, request.transact_items[i].members().table_name, actions[i])) {
      WEIR_RETURN_IF_ERROR(resolver(i).ResolveKey());
    }
  }
  WEIR_RETURN_IF_ERROR(CheckItemsAndTables(actions));
  for (std::size_t i = 0; i < actions.size(); ++i) {
    WEIR_RETURN_IF_ERROR(resolver(i).ResolveMutation());
  }
  return actions;
}

Result<ClientRequestTokens::Use> TransactWriteItems::BeginOnce(Context& context,
                                                               const Request& request) {
  if (!request.client_request_token.has_value()) {
    return ClientRequestTokens::Use();
  }
  FingerprintWriter writer;
  writer.Add(request.transact_items);
  return context.database.tokens().Begin(
      std::string(kName).append("/").append(*request.client_request_token), writer.Finish());
}

TransactWriteItemsResponse TransactWriteItems::Answer(
    const Request& request, const TransactionActions& actions,
    const std::vector<storage::WriteResult>& results) {
  Response response;
  response.consumed_capacity = WriteFigures(actions, results, request.return_consumed_capacity);
  if (request.return_item_collection_metrics == ReturnItemCollectionMetrics::kSize) {
    CollectionReport collections;
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const storage::TableMetadata& table = *actions[i].metadata;
      if (request.transact_items[i].condition_check.has_value()) {
        continue;  // writes nothing
      }
      const MapView key = request.transact_items[i].item_or_key().item.attributes();
      collections.Add(table.name, MetricsOf(table, key, results[i]));
    }
    response.item_collection_metrics = std::move(collections).Take();
  }
  return response;
}

Result<TransactWriteItems::Response> TransactWriteItems::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const TransactionActions actions, Resolve(context, request, plan));
  WEIR_ASSIGN_OR_RETURN(ClientRequestTokens::Use token, BeginOnce(context, request));
  if (token.replay().has_value()) {
    context.database.engine().Rely();
    return Response{ReplayFigures(*token.replay(), request.return_consumed_capacity), {}};
  }
  WEIR_ASSIGN_OR_RETURN(const std::vector<storage::WriteResult> results, WriteAll(actions, token));
  return Answer(request, actions, results);
}

}  // namespace weir::dynamodb
