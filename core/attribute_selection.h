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

// Immutable. Selects all attributes by default.
class AttributeSelection {
 public:
  AttributeSelection() = default;
  // Selects only these attributes. `names` may be in any order and may repeat a name.
  explicit AttributeSelection(std::vector<std::string> names);

  [[nodiscard]] bool all() const { return all_; }
  // How many names are selected; 0 if all attributes are.
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  // The selected names, ascending; empty if all attributes are selected.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool Contains(std::string_view name) const;

  // An item of the selected attributes alone. Shares the buffer of `item` if that has no others.
  [[nodiscard]] Item Of(const Item& item) const;
  // Bytes that AWS counts for the selected attributes, names included.
  [[nodiscard]] std::size_t AwsSizeOf(const Item& item) const;
  // Whether both items are equal in the selected attributes.
  [[nodiscard]] bool SameIn(const Item& one, const Item& other) const;

 private:
  bool all_ = true;
  std::vector<std::string> names_;  // ascending, distinct
};

}  // namespace weir
