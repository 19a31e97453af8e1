// SPDX-License-Identifier: Apache-2.0
// Mutation: what one write does to one item.
#pragma once

#include <cstdint>
#include <optional>

#include "core/result.h"

namespace weir::storage {

// A pure function from the item before to the item after. Storage calls it under the table's lock
// and may call it again for the same write, so it must have no side effects; `const` makes the
// compiler watch over that.
class Mutation {
 public:
  Mutation() = default;
  Mutation(const Mutation&) = delete;
  Mutation& operator=(const Mutation&) = delete;
  virtual ~Mutation() = default;

  // `before` is none when there is no item under the key. Returning none deletes the item (or
  // leaves it absent); returning `before` itself leaves it as it is. An error leaves it, too, and
  // becomes the answer to the request.
  [[nodiscard]] virtual Result<Item> Apply(const Item& before) const = 0;
};

// Both sides of a write. The same content on both sides means that nothing changed.
struct WriteResult {
  Item before;
  Item after;
  // Bytes of the item collection after the write; none unless the table has local secondary
  // indexes.
  std::optional<std::uint64_t> collection_size = std::nullopt;

  [[nodiscard]] bool changed() const { return !after.SameContent(before); }
  // Notes on the new item when and by whom it was written; for storage, before others can see it.
  void Stamp(Micros time, Origin origin) {
    if (after) {
      after.Stamp(time, origin);
    }
  }
};

}  // namespace weir::storage
