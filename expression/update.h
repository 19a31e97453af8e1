// SPDX-License-Identifier: Apache-2.0
// UpdateExpression:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "core/value.h"
#include "expression/path.h"
#include "expression/placeholders.h"
#include "expression/projection.h"
#include "expression/update_tree.h"

namespace weir::expression {

// A parsed update. Immutable, so threads may share it; borrows from the text, the names and the
// values of the request, which must outlive it.
class Update {
 public:
  // Fails with the service's ValidationException, without the envelope `1 validation error
  // detected: `.
  static Result<Update> Parse(std::string_view text, Placeholders& placeholders);

  // The update of a tree that has been checked. Borrows what the tree borrows.
  static Update Of(UpdateTree tree);

  // Returns the item after the update. Pure, so it may run again on another `before`.
  //
  // Every clause reads `before`: right-hand sides and list indices do not see what other clauses
  // do. If `before` is no item, the update starts from `key`, the key attributes; but if it has
  // only REMOVE clauses, the result is no item. Fails with the service's ValidationException when
  // the stored attributes do not fit: one is missing or of a wrong type, or a sum is out of range.
  [[nodiscard]] Result<Item> Apply(const Item& before, MapView key) const;

  // About how many bytes Apply reads and writes at worst for an item of `item_bytes` packed bytes.
  [[nodiscard]] std::size_t Work(std::size_t item_bytes) const;

  // The top-level attributes that the update changes, each once. The caller must check that none of
  // them is a key attribute.
  [[nodiscard]] std::span<const AttributeUse> changed() const { return changed_; }
  // The top-level attributes that the update names anywhere, right-hand sides included, each once.
  [[nodiscard]] std::span<const AttributeUse> attributes() const { return attributes_; }

  // The request's value in the clause that sets, adds to or deletes from this top-level attribute;
  // nullopt if there is no such clause or it computes the value from the item.
  [[nodiscard]] std::optional<Value> LiteralOf(std::string_view attribute) const;

  // ReturnValues UPDATED_OLD and UPDATED_NEW: what the changed paths lead to before and after the
  // update, each within its hierarchy of maps and lists. No item if the paths lead nowhere.
  [[nodiscard]] Item UpdatedOld(const Item& before) const { return Addressed(before); }
  [[nodiscard]] Item UpdatedNew(const Item& after) const { return Addressed(after); }

  // The size in bytes of the update itself, which UpdateItem refuses if it exceeds the size limit
  // of an item, whatever the item is. Each clause, path, operator and function counts a fixed
  // number of bytes; names and values count their size as often as they are used, but not the
  // values of DELETE. The figures fit 90 requests that a public project made on AWS.
  [[nodiscard]] std::size_t Charge() const;

 private:
  explicit Update(UpdateTree tree);
  [[nodiscard]] Item Addressed(const Item& item) const;

  UpdateTree tree_;
  PathSet targets_;
  std::vector<AttributeUse> changed_;
  std::vector<AttributeUse> attributes_;
};

}  // namespace weir::expression
