// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/update_item.h"

#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {
namespace {

Result<UpdateItem::Plan> ParseUpdate(const UpdateItemRequest& request) {
  const bool has_expressions =
      request.update_expression.has_value() || request.condition_expression.has_value();
  WEIR_RETURN_IF_ERROR(CheckSubstitutions(
      request.expression_attribute_names, request.expression_attribute_values,
      {.any = has_expressions, .with_values = has_expressions}, request.value_fault));
  UpdateItem::Plan plan;
  if (request.attribute_updates.has_value()) {
    WEIR_ASSIGN_OR_RETURN(plan.attribute_updates,
                          ParseAttributeUpdates(*request.attribute_updates));
  }
  WEIR_ASSIGN_OR_RETURN(std::optional<expression::Condition> expected,
                        ParseExpected(request.expected, request.conditional_operator));
  expression::Placeholders placeholders =
      MakePlaceholders(request.expression_attribute_names, request.expression_attribute_values);
  WEIR_RETURN_IF_ERROR(placeholders.CheckKeys());
  // The condition is parsed first: its faults are reported before those of the update.
  WEIR_ASSIGN_OR_RETURN(
      plan.condition,
      WriteCondition::Parse(request.condition_expression,
                            request.return_values_on_condition_check_failure, placeholders));
  if (request.update_expression.has_value()) {
    WEIR_ASSIGN_OR_RETURN(plan.update,
                          expression::Update::Parse(*request.update_expression, placeholders));
  }
  WEIR_RETURN_IF_ERROR(placeholders.CheckUnused());
  plan.condition.Expect(std::move(expected));
  return plan;
}

Item UpdatedOld(const UpdateItem::Plan& plan, const Item& before) {
  if (plan.attribute_updates.has_value()) {
    return plan.attribute_updates->UpdatedOld(before);
  }
  return plan.update.has_value() ? plan.update->UpdatedOld(before) : Item();
}

Item UpdatedNew(const UpdateItem::Plan& plan, const Item& after) {
  if (plan.attribute_updates.has_value()) {
    return plan.attribute_updates->UpdatedNew(after);
  }
  return plan.update.has_value() ? plan.update->UpdatedNew(after) : Item();
}

Item ReturnedAttributes(ReturnValues wanted, const UpdateItem::Plan& plan,
                        const storage::WriteResult& result) {
  switch (wanted) {
    case ReturnValues::kNone:
      return {};
    case ReturnValues::kAllOld:
      return result.before;
    case ReturnValues::kAllNew:
      return result.after;
    case ReturnValues::kUpdatedOld:
      return UpdatedOld(plan, result.before);
    case ReturnValues::kUpdatedNew:
      return UpdatedNew(plan, result.after);
  }
  return {};
}

}  // namespace

Result<UpdateItem::Plan> UpdateItem::Validate(const Request& request) {
  return InEnvelope(ParseUpdate(request));
}

Result<UpdateItem::Response> UpdateItem::Execute(Context& context, const Request& request,
                                                 const Plan& plan) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kItemTable));
  WEIR_ASSIGN_OR_RETURN(const PrimaryKey key,
                        PrimaryKey::OfRequest(table->key_schema(), request.key.attributes()));
  const storage::TableMetadataPtr metadata = table->metadata();
  WEIR_RETURN_IF_ERROR(CheckKeysUntouched(plan, *metadata));
  if (plan.update.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyPaths(*metadata, plan.update->attributes()));
    // No other kind of update has this limit. It is checked before the condition (observed on AWS).
    if (plan.update->Charge() > limits::kItemSize) {
      return UpdateTooLarge();
    }
  }
  WEIR_RETURN_IF_ERROR(plan.condition.CheckKeyPaths(*metadata));
  WEIR_ASSIGN_OR_RETURN(const storage::WriteResult result,
                        Worded(table->Write(key, UpdateMutation(*metadata, request.key, plan))));
  Response response = WriteResponseOf(request, *metadata, request.key.attributes(), result);
  response.attributes =
      ReturnedAttributes(request.return_values.value_or(ReturnValues::kNone), plan, result);
  return response;
}

}  // namespace weir::dynamodb
