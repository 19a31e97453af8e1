// SPDX-License-Identifier: Apache-2.0
// LogArchive: what a durable engine has of tables' logs beyond the memory that they take.
#pragma once

#include <cstdint>
#include <functional>

#include "core/change.h"
#include "core/clock.h"
#include "storage/fault.h"

namespace weir::storage {

// Thread-safe. A table is named by its number, a change by its sequence.
class LogArchive {
 public:
  virtual ~LogArchive() = default;

  // The oldest change of the table that can be read here; 0 if there is none.
  [[nodiscard]] virtual std::uint64_t FirstOf(std::uint64_t table) const = 0;
  // The sequence after the newest one. A crash takes none of these changes, but
  // with Durability::kOff.
  [[nodiscard]] virtual std::uint64_t ReadableTo(std::uint64_t table) const = 0;

  // Calls `visit` for the table's changes in [from, to), in order, until it returns false. Returns
  // the sequence after the last one visited: `from` if that is no longer kept, so that the caller
  // can find out why. Fails with kChangeUnreadable.
  using Visit = std::function<bool(const Change&)>;
  [[nodiscard]] virtual Outcome<std::uint64_t> Read(std::uint64_t table, std::uint64_t from,
                                                    std::uint64_t to, const Visit& visit) const = 0;

  // Where the table's first change at or after a time is: its sequence is in [begin, end], and
  // `end` is ReadableTo if all are older.
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] virtual Range Since(std::uint64_t table, Micros time) const = 0;
};

}  // namespace weir::storage
