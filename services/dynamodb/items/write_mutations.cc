// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/items/write_mutations.h"

#include <string>

#include "core/limits.h"
#include "services/dynamodb/indexes/index_keys.h"

namespace weir::dynamodb {

ApiError UpdateTooLarge() {
  return ValidationError("Item size to update has exceeded the maximum allowed size");
}

namespace {

Status CheckNesting(const expression::Update& update, const Item& after) {
  for (const expression::AttributeUse& use : update.changed()) {
    const std::optional<Value> value = after.attributes().Find(use.name);
    if (value.has_value() && NestingDepth(*value) >= limits::kNestingLevels) {
      return ValidationError("Nesting Levels have exceeded supported limits");
    }
  }
  return {};
}

}  // namespace

Result<Item> PutMutation::Apply(const Item& before) const {
  WEIR_RETURN_IF_ERROR(condition_.Check(before));
  return item_;
}

Result<Item> DeleteMutation::Apply(const Item& before) const {
  WEIR_RETURN_IF_ERROR(condition_.Check(before));
  return Item();
}

Result<Item> ConditionCheckMutation::Apply(const Item& before) const {
  WEIR_RETURN_IF_ERROR(condition_.Check(before));
  return before;
}

Result<Item> UpdateMutation::Apply(const Item& before) const {
  WEIR_RETURN_IF_ERROR(plan_.condition.Check(before));
  Item after;
  if (plan_.update.has_value()) {
    WEIR_ASSIGN_OR_RETURN(after, plan_.update->Apply(before, key_.attributes()));
  } else if (plan_.attribute_updates.has_value()) {
    WEIR_ASSIGN_OR_RETURN(after, plan_.attribute_updates->Apply(before, key_.attributes()));
  } else {
    return before ? before : key_;  // an update without changes still creates a missing item
  }
  WEIR_RETURN_IF_ERROR(CheckAfter(before, after));
  return after;
}

std::size_t UpdateMutation::Work(std::size_t item_bytes) const {
  return plan_.condition.Work(item_bytes) +
         (plan_.update.has_value()              ? plan_.update->Work(item_bytes)
          : plan_.attribute_updates.has_value() ? plan_.attribute_updates->Work(item_bytes)
                                                : 0);
}

Status UpdateMutation::CheckAfter(const Item& before, const Item& after) const {
  const expression::Update* update = plan_.update.has_value() ? &*plan_.update : nullptr;
  WEIR_RETURN_IF_ERROR(CheckIndexKeysOfUpdate(table_, before, after, update));
  if (update != nullptr) {
    WEIR_RETURN_IF_ERROR(CheckNesting(*update, after));
  }
  if (storage::SizeWithLocalEntries(table_, after) > limits::kItemSize) {
    return UpdateTooLarge();
  }
  return {};
}

Status CheckKeysUntouched(const UpdatePlan& plan, const storage::TableMetadata& table) {
  std::span<const expression::AttributeUse> changed;
  if (plan.update.has_value()) {
    changed = plan.update->changed();
  } else if (plan.attribute_updates.has_value()) {
    changed = plan.attribute_updates->changed();
  }
  for (const expression::AttributeUse& use : changed) {
    if (table.key_schema.Contains(use.name)) {
      return InvalidParameter("Cannot update attribute " + std::string(use.name) +
                              ". This attribute is part of the key");
    }
  }
  return {};
}

}  // namespace weir::dynamodb
