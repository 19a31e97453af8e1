// SPDX-License-Identifier: Apache-2.0
// Consumed capacity, as answers report it:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "operations/fields.h"

namespace weir::operations {

enum class ReturnConsumedCapacity : std::uint8_t { kNone, kTotal, kIndexes };

template <>
struct EnumNames<ReturnConsumedCapacity> {
  static constexpr std::array<EnumName<ReturnConsumedCapacity>, 3> kNames{{
      {"NONE", ReturnConsumedCapacity::kNone},
      {"TOTAL", ReturnConsumedCapacity::kTotal},
      {"INDEXES", ReturnConsumedCapacity::kIndexes},
  }};
};

struct Capacity {
  double capacity_units = 0;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"CapacityUnits", &Capacity::capacity_units});
  }
};

struct ConsumedCapacity {
  std::string table_name;
  double capacity_units = 0;
  std::optional<Capacity> table;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &ConsumedCapacity::table_name},
                           Field{"CapacityUnits", &ConsumedCapacity::capacity_units},
                           Field{"Table", &ConsumedCapacity::table});
  }
};

// Units for reading `size` bytes at once; reading nothing costs as much as one small item.
double ReadUnits(std::size_t size, bool consistent);
// Units for a write of an item that had and now has these sizes (0: no item).
double WriteUnits(std::size_t size_before, std::size_t size_after);

// What the answer shows; none unless it was asked for.
std::optional<ConsumedCapacity> ReportCapacity(std::optional<ReturnConsumedCapacity> wanted,
                                               std::string_view table_name, double units);

// The same for an answer with one figure a table.
void AddCapacity(std::optional<ReturnConsumedCapacity> wanted, std::string_view table_name,
                 double units, std::optional<std::vector<ConsumedCapacity>>& figures);

}  // namespace weir::operations
