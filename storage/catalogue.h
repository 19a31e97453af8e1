// SPDX-License-Identifier: Apache-2.0
// Catalogue: the tables by name.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "core/result.h"
#include "storage/table.h"

namespace weir::storage {

using TablePtr = std::shared_ptr<Table>;

// Thread-safe. One catalogue serves all accounts and regions: what a client created under one
// access key or region it finds under any other.
class Catalogue {
 public:
  // kTableNameTaken, or kTooManyTables at the limit of tables.
  // `prepare` runs once the name is the table's and before anybody can find it; if it fails, the
  // table is not added.
  Outcome<void> Add(const TablePtr& table, const std::function<Status()>& prepare);
  // Null when there is none.
  [[nodiscard]] TablePtr Find(std::string_view name) const;
  // Takes the table out if it is still there under its name.
  void Remove(const Table& table);
  // Leaves the table there, and its name taken, until Expire is told that it is `due`.
  void RemoveAt(const TablePtr& table, Micros due);
  // Takes out what is due, and hands it on: freeing a large table takes a while.
  std::vector<TablePtr> Expire(Micros now);
  // When the next one is due.
  [[nodiscard]] std::optional<Micros> NextExpiry() const;
  // Whether Expire may have something to do. Costs nothing.
  [[nodiscard]] bool expires() const { return leaving_count_.load(std::memory_order_acquire) > 0; }
  [[nodiscard]] std::vector<TablePtr> All() const;
  // Up to `limit` names after `exclusive_start`, ascending.
  [[nodiscard]] std::vector<std::string> Names(std::string_view exclusive_start,
                                               std::size_t limit) const;

 private:
  mutable SharedMutex mutex_;
  void Erase(const Table& table, const std::string& name) WEIR_REQUIRES(mutex_);

  std::map<std::string, TablePtr, std::less<>> tables_ WEIR_GUARDED_BY(mutex_);
  std::multimap<Micros, TablePtr> leaving_ WEIR_GUARDED_BY(mutex_);
  std::atomic<std::size_t> leaving_count_{0};
};

}  // namespace weir::storage
