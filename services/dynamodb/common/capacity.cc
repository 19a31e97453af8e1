// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/common/capacity.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

double Units(std::size_t size, std::size_t unit) {
  return static_cast<double>(std::max<std::size_t>(1, (size + unit - 1) / unit));
}

Capacity Figure(double units, UnitKind kind) {
  Capacity figure{units};
  if (kind == UnitKind::kTransactionalRead) {
    figure.read_capacity_units = units;
  } else if (kind == UnitKind::kTransactionalWrite) {
    figure.write_capacity_units = units;
  }
  return figure;
}

}  // namespace

double ReadUnits(std::size_t size, bool consistent) {
  return Units(size, limits::kReadUnitSize) * (consistent ? 1.0 : 0.5);
}

double WriteUnits(std::size_t size_before, std::size_t size_after) {
  return Units(std::max(size_before, size_after), limits::kWriteUnitSize);
}

void CapacityCharge::AddIndex(const storage::IndexDefinition& index, double units) {
  (index.global() ? global_ : local_)[index.name] += units;
}

void CapacityCharge::Add(const CapacityCharge& other) {
  table_ += other.table_;
  unplaced_ += other.unplaced_;
  for (const auto& [name, units] : other.local_) {
    local_[name] += units;
  }
  for (const auto& [name, units] : other.global_) {
    global_[name] += units;
  }
}

double CapacityCharge::Sum(const UnitsByIndex& units) {
  return std::accumulate(units.begin(), units.end(), 0.0,
                         [](double sum, const auto& entry) { return sum + entry.second; });
}

std::optional<MapOf<Capacity>> CapacityCharge::Figures(const UnitsByIndex& units, UnitKind kind) {
  if (units.empty()) {
    return std::nullopt;
  }
  MapOf<Capacity> figures;
  for (const auto& [name, index_units] : units) {
    figures.entries.emplace_back(name, Figure(index_units, kind));
  }
  return figures;
}

std::optional<ConsumedCapacity> CapacityCharge::Report(std::optional<ReturnConsumedCapacity> wanted,
                                                       std::string_view table_name,
                                                       UnitKind kind) const {
  if (!IsWanted(wanted)) {
    return std::nullopt;
  }
  ConsumedCapacity consumed{Figure(table_ + unplaced_ + Sum(local_) + Sum(global_), kind),
                            std::string(table_name),
                            {},
                            {},
                            {}};
  if (*wanted == ReturnConsumedCapacity::kIndexes) {
    consumed.table = Figure(table_, kind);
    consumed.local_secondary_indexes = Figures(local_, kind);
    consumed.global_secondary_indexes = Figures(global_, kind);
  }
  return consumed;
}

void CapacityCharge::ReportTo(std::optional<std::vector<ConsumedCapacity>>& figures,
                              std::optional<ReturnConsumedCapacity> wanted,
                              std::string_view table_name, UnitKind kind) const {
  if (std::optional<ConsumedCapacity> consumed = Report(wanted, table_name, kind)) {
    if (!figures.has_value()) {
      figures.emplace();
    }
    figures->push_back(*std::move(consumed));
  }
}

CapacityCharge WriteCharge(const storage::TableMetadata& table, const storage::WriteResult& write) {
  const auto& [before, after, collection_size] = write;
  CapacityCharge charge(WriteUnits(before.aws_size(), after.aws_size()));
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    // A write leaves the primary key, so only the attributes of the index key are compared.
    const auto old_key = IndexEntryKey(index->key_schema, before.attributes(), {});
    const auto new_key = IndexEntryKey(index->key_schema, after.attributes(), {});
    const std::size_t old_size = old_key.has_value() ? index->projected.AwsSizeOf(before) : 0;
    const std::size_t new_size = new_key.has_value() ? index->projected.AwsSizeOf(after) : 0;
    if (old_key.has_value() && new_key.has_value() && old_key != new_key) {
      charge.AddIndex(*index, WriteUnits(old_size, 0) + WriteUnits(0, new_size));
    } else if (old_key != new_key ||
               (new_key.has_value() && !index->projected.SameIn(before, after))) {
      charge.AddIndex(*index, WriteUnits(old_size, new_size));
    }
  }
  return charge;
}

}  // namespace weir::dynamodb
