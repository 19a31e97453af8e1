// SPDX-License-Identifier: Apache-2.0
// What puts, updates, deletes and condition checks do to an item, alone or in a transaction.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/item.h"
#include "expression/attribute_updates.h"
#include "expression/update.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "storage/mutation.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

// All mutations borrow the arguments of their constructors, which must outlive them.

class PutMutation final : public storage::Mutation {
 public:
  PutMutation(const Item& item, const WriteCondition& condition)
      : item_(item), condition_(condition) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override;
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const override {
    return condition_.Work(item_bytes);
  }

 private:
  const Item& item_;
  const WriteCondition& condition_;
};

class DeleteMutation final : public storage::Mutation {
 public:
  explicit DeleteMutation(const WriteCondition& condition) : condition_(condition) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override;
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const override {
    return condition_.Work(item_bytes);
  }

 private:
  const WriteCondition& condition_;
};

// Writes nothing, but fails if the condition does not hold.
class ConditionCheckMutation final : public storage::Mutation {
 public:
  explicit ConditionCheckMutation(const WriteCondition& condition) : condition_(condition) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override;
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const override {
    return condition_.Work(item_bytes);
  }

 private:
  const WriteCondition& condition_;
};

// An update; at most one of its two forms has a value.
struct UpdatePlan {
  WriteCondition condition;
  std::optional<expression::Update> update;
  std::optional<expression::AttributeUpdates> attribute_updates;
};

// The error for an update that makes an item larger than limits::kItemSize.
ApiError UpdateTooLarge();

class UpdateMutation final : public storage::Mutation {
 public:
  UpdateMutation(const storage::TableMetadata& table, const Item& key, const UpdatePlan& plan)
      : table_(table), key_(key), plan_(plan) {}
  [[nodiscard]] Result<Item> Apply(const Item& before) const override;
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const override;

 private:
  [[nodiscard]] Status CheckAfter(const Item& before, const Item& after) const;

  const storage::TableMetadata& table_;
  const Item& key_;
  const UpdatePlan& plan_;
};

// ValidationException if an update changes a key attribute.
Status CheckKeysUntouched(const UpdatePlan& plan, const storage::TableMetadata& table);

}  // namespace weir::dynamodb
