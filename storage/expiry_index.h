// SPDX-License-Identifier: Apache-2.0
// ExpiryIndex: the items of a table by the time at which time to live ends them.
//
//   entry := due key      due: 8 bytes, big-endian: when the item is expired, in µs
//                         key: the item's primary key (core/key.h)
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/item.h"
#include "storage/build_progress.h"
#include "storage/engine.h"
#include "storage/mutation.h"
#include "storage/secondary_index.h"

namespace weir::storage {

// When an item is expired: as soon as more seconds have passed since 1970 than its attribute says,
// which must be a top-level number. None for other items, and for times after the year 9999.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
std::optional<Micros> ExpiryOf(const Item& item, std::string_view attribute);

// Holds an entry for each item that is to be deleted: not for those that are "more than five years"
// past when they are written or time to live is switched on. Its table's lock guards it.
class ExpiryIndex {
 public:
  ExpiryIndex(std::string attribute, std::unique_ptr<Space> entries, bool complete);

  [[nodiscard]] const std::string& attribute() const { return attribute_; }
  [[nodiscard]] BuildProgress& progress() { return progress_; }
  // For an index that is to go: its entries, to be freed elsewhere.
  [[nodiscard]] std::unique_ptr<Space> TakeEntries() { return std::move(entries_); }

  // Adds what the index has to write when an item becomes another (none: absent) at `now`. Returns
  // when the new one is due.
  std::optional<Micros> Maintain(std::string_view primary_key, const WriteResult& change,
                                 Micros now, WriteSet& writes);
  // The same for an item that the building comes by.
  void Include(std::string_view primary_key, const Item& item, Micros now, WriteSet& writes);
  // The most records that either adds.
  static constexpr std::size_t kMaxWrites = 2;

  struct Due {
    std::vector<Item> items;     // in the order in which they are due
    std::optional<Micros> next;  // when the first of the others is
  };
  using IsPassedOver = std::function<bool(std::string_view primary_key)>;
  // Up to `limit` items that are due at `now`, but for those passed over.
  [[nodiscard]] Due DueAt(Micros now, std::size_t limit,
                          const IsPassedOver& passed_over = {}) const;

 private:
  // When the item is due, if it is to have an entry.
  [[nodiscard]] std::optional<Micros> EntryTime(const Item& item, Micros now) const;

  std::string attribute_;
  std::unique_ptr<Space> entries_;
  BuildProgress progress_;
};

}  // namespace weir::storage
