// SPDX-License-Identifier: Apache-2.0
// Change: what one effective write did to one item.
#pragma once

#include <cstdint>

#include "core/clock.h"
#include "core/item.h"

namespace weir {

// One entry of a table's change log. It has at least one image, and each image has the key
// attributes. The images share the buffers of the table's items.
struct Change {
  std::uint64_t sequence = 0;  // position in the table's log: 1, 2, 3… without gaps
  std::uint64_t key_hash = 0;  // of the partition key (PrimaryKey::hash)
  Item before;                 // "no item": the write created the item
  Item after;                  // "no item": the write deleted the item
  Micros time{0};              // never less than that of the previous change
  Origin origin = Origin::kUser;

  // One of the images, for whoever needs the key attributes only.
  [[nodiscard]] const Item& AnyImage() const { return after ? after : before; }
};

}  // namespace weir
