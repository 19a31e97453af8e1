// SPDX-License-Identifier: Apache-2.0
// AttributeSelection: which top-level attributes of an item a reader gets to see.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/value.h"

namespace weir {

// Immutable. By default all attributes.
class AttributeSelection {
 public:
  AttributeSelection() = default;
  // Only these; names may come twice and in any order.
  explicit AttributeSelection(std::vector<std::string> names);

  [[nodiscard]] bool all() const { return all_; }
  // Of the names; 0 if all attributes are selected.
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  // In their order; none if all attributes are selected.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool Contains(std::string_view name) const;

  // The selected attributes. Shares the item if that is all of them.
  [[nodiscard]] Item Of(const Item& item) const;
  // Bytes that AWS counts for them.
  [[nodiscard]] std::size_t AwsSizeOf(const Item& item) const;
  // Whether they are the same in both items.
  [[nodiscard]] bool SameIn(const Item& one, const Item& other) const;

 private:
  bool all_ = true;
  std::vector<std::string> names_;  // ascending, distinct
};

}  // namespace weir
