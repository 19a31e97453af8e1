// SPDX-License-Identifier: Apache-2.0
#include "operations/capacity.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"

namespace weir::operations {
namespace {

double Units(std::size_t size, std::size_t unit) {
  return static_cast<double>(std::max<std::size_t>(1, (size + unit - 1) / unit));
}

}  // namespace

double ReadUnits(std::size_t size, bool consistent) {
  return Units(size, limits::kReadUnitSize) * (consistent ? 1.0 : 0.5);
}

double WriteUnits(std::size_t size_before, std::size_t size_after) {
  return Units(std::max(size_before, size_after), limits::kWriteUnitSize);
}

std::optional<ConsumedCapacity> ReportCapacity(std::optional<ReturnConsumedCapacity> wanted,
                                               std::string_view table_name, double units) {
  if (!wanted.has_value() || *wanted == ReturnConsumedCapacity::kNone) {
    return std::nullopt;
  }
  ConsumedCapacity consumed{std::string(table_name), units, std::nullopt};
  if (*wanted == ReturnConsumedCapacity::kIndexes) {
    consumed.table = Capacity{units};
  }
  return consumed;
}

void AddCapacity(std::optional<ReturnConsumedCapacity> wanted, std::string_view table_name,
                 double units, std::optional<std::vector<ConsumedCapacity>>& figures) {
  if (std::optional<ConsumedCapacity> consumed = ReportCapacity(wanted, table_name, units)) {
    if (!figures.has_value()) {
      figures.emplace();
    }
    figures->push_back(std::move(*consumed));
  }
}

}  // namespace weir::operations
