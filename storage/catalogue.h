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
  // Adds a table under its name. Fails with kTableNameTaken, or with kTooManyTables at
  // limits::kTablesPerRegion. `prepare` runs once the name is the table's and before anybody can
  // find it. If `prepare` fails, the table is not added, and kRefused has its error.
  Outcome<void> Add(const TablePtr& table, const std::function<Status()>& prepare);
  // Adds a table of an earlier process.
  void Adopt(const TablePtr& table);
  // Null if there is no such table.
  [[nodiscard]] TablePtr Find(std::string_view name) const;
  // Removes the table, if its name still belongs to it.
  void Remove(const Table& table);
  // Has Expire remove the table at `due`. Until then the table can be found, and its name is taken.
  void RemoveAt(const TablePtr& table, Micros due);
  // Removes and returns the tables that are due at `now`. The caller should free them where nobody
  // waits: for a large table that takes a while.
  std::vector<TablePtr> Expire(Micros now);
  // When the next table is due to be removed; nullopt if there is none.
  [[nodiscard]] std::optional<Micros> NextExpiry() const;
  // Whether Expire may have something to do. Takes no lock.
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
