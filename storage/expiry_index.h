// SPDX-License-Identifier: Apache-2.0
// ExpiryIndex: the items of a table by the time at which they expire.
//
//   entry := due key      due: 8 bytes, big-endian: when the item expires, in µs since 1970
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

// When an item expires: as soon as more seconds have passed since 1970 than its top-level attribute
// `attribute` says. nullopt if that is missing, not a number, negative, or after the year 9999.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
std::optional<Micros> ExpiryOf(const Item& item, std::string_view attribute);

// Holds an entry for each item that is to be deleted. An item that expired "more than five years"
// before it is written, or before time to live is switched on, is not, and has none. The table's
// lock guards this object.
class ExpiryIndex {
 public:
  ExpiryIndex(std::string attribute, std::unique_ptr<Space> entries, bool complete);

  [[nodiscard]] const std::string& attribute() const { return attribute_; }
  [[nodiscard]] BuildProgress& progress() { return progress_; }
  // For an index that is removed: its entries, to be freed elsewhere.
  [[nodiscard]] std::unique_ptr<Space> TakeEntries() { return std::move(entries_); }

  // Adds to `writes` what the index has to write for a change of an item at `now`. Returns when the
  // new item expires, if it has an entry.
  std::optional<Micros> Maintain(std::string_view primary_key, const WriteResult& change,
                                 Micros now, WriteSet& writes);
  // Adds to `writes` the entry of an item that the build takes up at `now`, if it has one.
  void Include(std::string_view primary_key, const Item& item, Micros now, WriteSet& writes);
  // The most records that Maintain or Include adds.
  static constexpr std::size_t kMaxWrites = 2;

  struct Due {
    std::vector<Item> items;     // in the order in which they expired
    std::optional<Micros> next;  // when the first item after these expires, or did
  };
  using IsPassedOver = std::function<bool(std::string_view primary_key)>;
  // Up to `limit` items that have expired at `now`, without those for which `passed_over` is true.
  [[nodiscard]] Due DueAt(Micros now, std::size_t limit,
                          const IsPassedOver& passed_over = {}) const;

 private:
  // When the item expires, if it is to have an entry.
  [[nodiscard]] std::optional<Micros> EntryTime(const Item& item, Micros now) const;

  std::string attribute_;
  std::unique_ptr<Space> entries_;
  BuildProgress progress_;
};

}  // namespace weir::storage
