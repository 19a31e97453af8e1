// SPDX-License-Identifier: Apache-2.0
#include "operations/update_item.h"

#include <span>
#include <utility>

#include "core/limits.h"
#include "operations/index_keys.h"

namespace weir::operations {
namespace {

// What an update adds to the size that is held against the limit, besides the attributes it changes
// (bisected on AWS by a public project).
constexpr std::size_t kUpdateOverhead = 3;
constexpr std::size_t kSetOverhead = 19;
constexpr std::size_t kIndexOverhead = 1;
constexpr std::size_t kArithmeticOverhead = 50;
constexpr std::size_t kRemoveOverhead = 2;

Status CheckUpdatedSize(const storage::TableDescription& table, const expression::Update& update,
                        const Item& after) {
  const expression::UpdateMetrics& metrics = update.metrics();
  std::size_t size = kUpdateOverhead + metrics.sets_and_adds * kSetOverhead +
                     metrics.through_index * kIndexOverhead +
                     metrics.arithmetic * kArithmeticOverhead +
                     metrics.removes_and_deletes * kRemoveOverhead;
  for (const expression::AttributeUse& use : update.changed()) {
    if (const std::optional<Value> value = after.attributes().Find(use.name)) {
      size += use.name.size() + AwsSize(*value);
      if (NestingDepth(*value) >= limits::kNestingLevels) {
        return ValidationError("Nesting Levels have exceeded supported limits");
      }
    }
  }
  if (storage::SizeWithLocalEntries(table, after) > limits::kItemSize || size > limits::kItemSize) {
    return ValidationError("Item size to update has exceeded the maximum allowed size");
  }
  return {};
}

// Of AttributeUpdates only the item counts (observed on AWS).
Status CheckItemSize(const storage::TableDescription& table, const Item& after) {
  if (storage::SizeWithLocalEntries(table, after) > limits::kItemSize) {
    return ValidationError("Item size to update has exceeded the maximum allowed size");
  }
  return {};
}

class UpdateMutation final : public storage::Mutation {
 public:
  UpdateMutation(const storage::TableDescription& table, const Item& key,
                 const UpdateItem::Plan& plan)
      : table_(table), key_(key), plan_(plan) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override {
    WEIR_RETURN_IF_ERROR(plan_.condition.Check(before));
    if (plan_.attribute_updates.has_value()) {
      WEIR_ASSIGN_OR_RETURN(Item after, plan_.attribute_updates->Apply(before, key_.attributes()));
      WEIR_RETURN_IF_ERROR(CheckIndexKeysOfUpdate(table_, before, after, nullptr));
      WEIR_RETURN_IF_ERROR(CheckItemSize(table_, after));
      return after;
    }
    if (!plan_.update.has_value()) {
      return before ? before
                    : key_;  // an update of nothing still makes sure that the item is there
    }
    WEIR_ASSIGN_OR_RETURN(Item after, plan_.update->Apply(before, key_.attributes()));
    WEIR_RETURN_IF_ERROR(CheckIndexKeysOfUpdate(table_, before, after, &*plan_.update));
    WEIR_RETURN_IF_ERROR(CheckUpdatedSize(table_, *plan_.update, after));
    return after;
  }

 private:
  const storage::TableDescription& table_;
  const Item& key_;
  const UpdateItem::Plan& plan_;
};

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
  // The condition is read first: its faults win over those of the update.
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

Status CheckKeysUntouched(std::span<const expression::AttributeUse> changed,
                          const storage::TableDescription& table) {
  for (const expression::AttributeUse& use : changed) {
    if (table.key_schema.Contains(use.name)) {
      return InvalidParameter("Cannot update attribute " + std::string(use.name) +
                              ". This attribute is part of the key");
    }
  }
  return {};
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
                        context.database.FindTable(request.table_name));
  WEIR_ASSIGN_OR_RETURN(const PrimaryKey key,
                        PrimaryKey::OfRequest(table->key_schema(), request.key.attributes()));
  const storage::TableDescriptionPtr description = table->description();
  if (plan.update.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeysUntouched(plan.update->changed(), *description));
    WEIR_RETURN_IF_ERROR(CheckKeyPaths(*description, plan.update->attributes()));
  }
  if (plan.attribute_updates.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeysUntouched(plan.attribute_updates->changed(), *description));
  }
  WEIR_RETURN_IF_ERROR(plan.condition.CheckKeyPaths(*description));
  WEIR_ASSIGN_OR_RETURN(const storage::WriteResult result,
                        table->Write(key, UpdateMutation(*description, request.key, plan)));
  Response response = WriteResponseOf(request, *description, request.key.attributes(), result);
  response.attributes =
      ReturnedAttributes(request.return_values.value_or(ReturnValues::kNone), plan, result);
  return response;
}

}  // namespace weir::operations
