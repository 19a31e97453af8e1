// SPDX-License-Identifier: Apache-2.0
// Change: what one effective write did to one item.
#pragma once

#include <cstdint>

#include "core/clock.h"
#include "core/item.h"

namespace weir {

// One entry of a table's change log. At least one image is there; both carry the key attributes.
// The images are those of the table, shared and not copied.
struct Change {
  std::uint64_t sequence = 0;  // position in the table's log: 1, 2, 3… without gaps
  std::uint64_t key_hash = 0;  // of the partition key (PrimaryKey::hash)
  Item before;                 // absent: the item is new
  Item after;                  // absent: the item was deleted
  Micros time{0};              // never less than that of the change before
  Origin origin = Origin::kUser;

  // An image with the key attributes.
  [[nodiscard]] const Item& AnyImage() const { return after ? after : before; }
};

}  // namespace weir
