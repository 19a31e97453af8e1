// SPDX-License-Identifier: Apache-2.0
#include "storage/catalogue.h"

#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"

namespace weir::storage {

Outcome<void> Catalogue::Add(const TablePtr& table, const std::function<Status()>& prepare) {
  const std::string name = table->metadata()->name;
  WEIR_RETURN_IF_ERROR(table->engine().CheckWritable());
  const WriterLock lock(mutex_);
  if (tables_.contains(name)) {
    return Fault(Fault::Kind::kTableNameTaken, name);
  }
  if (tables_.size() >= limits::kTablesPerRegion) {
    return Fault(Fault::Kind::kTooManyTables);
  }
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  {
    const RowGroup together(table->engine());
    if (Status prepared = prepare(); !prepared.ok()) {
      return Fault(std::move(prepared).error());
    }
    table->KeepAsNew();
  }
  tables_.emplace(name, table);
  return {};
}

void Catalogue::Adopt(const TablePtr& table) {
  const WriterLock lock(mutex_);
  tables_.emplace(table->metadata()->name, table);
}

TablePtr Catalogue::Find(std::string_view name) const {
  const ReaderLock lock(mutex_);
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

void Catalogue::Remove(const Table& table) {
  const std::string name = table.metadata()->name;
  const WriterLock lock(mutex_);
  Erase(table, name);
}

void Catalogue::Erase(const Table& table, const std::string& name) {
  const auto found = tables_.find(name);
  if (found != tables_.end() && found->second.get() == &table) {
    tables_.erase(found);
  }
}

void Catalogue::RemoveAt(const TablePtr& table, Micros due) {
  const WriterLock lock(mutex_);
  leaving_.emplace(due, table);
  leaving_count_.store(leaving_.size(), std::memory_order_release);
}

std::vector<TablePtr> Catalogue::Expire(Micros now) {
  const WriterLock lock(mutex_);
  std::vector<TablePtr> expired;
  while (!leaving_.empty() && leaving_.begin()->first <= now) {
    const TablePtr& table = expired.emplace_back(std::move(leaving_.begin()->second));
    Erase(*table, table->metadata()->name);
    leaving_.erase(leaving_.begin());
  }
  leaving_count_.store(leaving_.size(), std::memory_order_release);
  return expired;
}

std::optional<Micros> Catalogue::NextExpiry() const {
  const ReaderLock lock(mutex_);
  return leaving_.empty() ? std::nullopt : std::optional(leaving_.begin()->first);
}

std::vector<TablePtr> Catalogue::All() const {
  const ReaderLock lock(mutex_);
  std::vector<TablePtr> all;
  all.reserve(tables_.size());
  for (const auto& [name, table] : tables_) {
    all.push_back(table);
  }
  return all;
}

std::vector<std::string> Catalogue::Names(std::string_view exclusive_start,
                                          std::size_t limit) const {
  const ReaderLock lock(mutex_);
  std::vector<std::string> names;
  for (auto entry = tables_.upper_bound(exclusive_start);
       entry != tables_.end() && names.size() < limit; ++entry) {
    names.push_back(entry->first);
  }
  return names;
}

}  // namespace weir::storage
