// SPDX-License-Identifier: Apache-2.0
// Mutation: what one write does to one item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/result.h"
#include "storage/fault.h"

namespace weir::storage {

// The most work (Mutation::Work, of a transaction the sum) that is done under a table's lock: at
// the worst some 15 ns a byte, where `contains` is given texts made to be slow.
inline constexpr std::size_t kWorkUnderLock = std::size_t{1} << 20U;

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

  // About how many bytes Apply reads and writes, at the worst, for an item of `item_bytes` packed
  // bytes. Storage applies what is more than kWorkUnderLock without the table's lock.
  [[nodiscard]] virtual std::size_t Work(std::size_t /*item_bytes*/) const { return 0; }
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

// A write that is tried until nobody changed its item meanwhile.
struct WriteAttempt {
  WriteResult result = {};            // `before`: the item when it was looked up last
  bool evaluated = false;             // the mutation has been applied to that
  std::optional<Fault> refusal = {};  // what it said

  // Applies the mutation. Fails with the refusal.
  Outcome<void> Evaluate(const Mutation& mutation);
};

}  // namespace weir::storage
