// SPDX-License-Identifier: Apache-2.0
// AttributeUpdates, which UpdateExpression replaced:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "core/value.h"
#include "expression/path.h"

namespace weir::expression {

enum class UpdateAction : std::uint8_t { kPut, kAdd, kDelete };

// What happens to one top-level attribute, whose name is taken as it stands.
struct AttributeUpdate {
  std::string_view name;
  UpdateAction action = UpdateAction::kPut;
  std::optional<Value> value;
};

// Checked updates of distinct attributes. Immutable, so threads may share it; borrows names and
// values. Time is linear in the updates and the item, since nothing but the size of the request
// bounds their number.
class AttributeUpdates {
 public:
  // Fails with the service's ValidationException when an action lacks a value or does not take one
  // of that type.
  static Result<AttributeUpdates> Make(std::vector<AttributeUpdate> updates);

  // The item after the updates; a pure function, so it may run again on another `before`. If
  // `before` is no item, they start from `key`, the key attributes; unless all of them are DELETEs,
  // which then yield no item (observed on AWS). Fails with the service's ValidationException when a
  // stored attribute is not of the type of the value, or a sum is out of range.
  [[nodiscard]] Result<Item> Apply(const Item& before, MapView key) const;

  // About how many bytes Apply reads and writes for an item of `item_bytes` packed bytes.
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const;

  // The attributes, each once. None may be a key attribute, which the caller knows.
  [[nodiscard]] std::span<const AttributeUse> changed() const { return changed_; }

  // ReturnValues UPDATED_OLD and UPDATED_NEW: the attributes as they were, as they are; no item if
  // there are none of them.
  [[nodiscard]] Item UpdatedOld(const Item& before) const { return Addressed(before); }
  [[nodiscard]] Item UpdatedNew(const Item& after) const { return Addressed(after); }

 private:
  [[nodiscard]] Item Addressed(const Item& item) const;

  std::vector<AttributeUpdate> updates_;  // ascending by name
  std::vector<AttributeUse> changed_;
};

}  // namespace weir::expression
