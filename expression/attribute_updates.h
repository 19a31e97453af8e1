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
  // Fails with the service's ValidationException when PUT or ADD has no value, or when ADD or
  // DELETE does not take a value of that type.
  static Result<AttributeUpdates> Make(std::vector<AttributeUpdate> updates);

  // Returns the item after the updates. Pure, so it may run again on another `before`. If `before`
  // is no item, the updates start from `key`, the key attributes; but if all are DELETEs, the
  // result is no item (observed on AWS). Fails with the service's ValidationException when ADD or
  // DELETE has a value of another type than the stored attribute, or a sum is out of range.
  [[nodiscard]] Result<Item> Apply(const Item& before, MapView key) const;

  // About how many bytes Apply reads and writes for an item of `item_bytes` packed bytes.
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const;

  // The attributes that the updates name, each once. The caller must check that none of them is a
  // key attribute.
  [[nodiscard]] std::span<const AttributeUse> changed() const { return changed_; }

  // ReturnValues UPDATED_OLD and UPDATED_NEW: the named attributes before and after the updates. No
  // item if it has none of them.
  [[nodiscard]] Item UpdatedOld(const Item& before) const { return Addressed(before); }
  [[nodiscard]] Item UpdatedNew(const Item& after) const { return Addressed(after); }

 private:
  [[nodiscard]] Item Addressed(const Item& item) const;

  std::vector<AttributeUpdate> updates_;  // ascending by name
  std::vector<AttributeUse> changed_;
};

}  // namespace weir::expression
