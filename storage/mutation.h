// SPDX-License-Identifier: Apache-2.0
// Mutation: what one write does to one item.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/result.h"
#include "storage/fault.h"

namespace weir::storage {

// The most work (Mutation::Work, in bytes; of a transaction: the sum) that is done under a table's
// lock. A byte takes some 15 ns at worst, when `contains` is given texts made to be slow.
inline constexpr std::size_t kWorkUnderLock = std::size_t{1} << 20U;

// A pure function from the item before to the item after. Storage calls it under the table's lock
// and may call it again for the same write, so it must have no side effects; `const` makes the
// compiler check that.
class Mutation {
 public:
  Mutation() = default;
  Mutation(const Mutation&) = delete;
  Mutation& operator=(const Mutation&) = delete;
  virtual ~Mutation() = default;

  // `before` is "no item" if there is none under the key. To return "no item" deletes the item, if
  // there is one. To return `before` itself leaves it as it is. So does an error, which becomes the
  // answer to the request.
  [[nodiscard]] virtual Result<Item> Apply(const Item& before) const = 0;

  // About how many bytes Apply reads and writes, at the worst, for an item of `item_bytes` packed
  // bytes. If that is more than kWorkUnderLock, storage calls Apply without the table's lock.
  [[nodiscard]] virtual std::size_t Work(std::size_t /*item_bytes*/) const { return 0; }
};

// The item before and after a write. If both have the same content, nothing changed.
struct WriteResult {
  Item before;
  Item after;
  // Bytes of the item collection after the write; nullopt unless the table has local secondary
  // indexes.
  std::optional<std::uint64_t> collection_size = std::nullopt;

  [[nodiscard]] bool changed() const { return !after.SameContent(before); }
  // Notes on the new item when and by whom it was written. Only storage calls it, before others can
  // see the item.
  void Stamp(Micros time, Origin origin) {
    if (after) {
      after.Stamp(time, origin);
    }
  }
};

// A write, which is tried again as long as others have changed its item meanwhile.
struct WriteAttempt {
  WriteResult result = {};            // `before`: the item when it was looked up last
  bool evaluated = false;             // the mutation has been applied to `result.before`
  std::optional<Fault> refusal = {};  // the mutation's error, if it failed

  // Applies the mutation to `result.before`. Fails with `refusal`.
  Outcome<void> Evaluate(const Mutation& mutation);
};

}  // namespace weir::storage
