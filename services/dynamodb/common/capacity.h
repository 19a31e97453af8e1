// SPDX-License-Identifier: Apache-2.0
// Consumed capacity, as answers report it:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "storage/mutation.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

enum class ReturnConsumedCapacity : std::uint8_t { kNone, kTotal, kIndexes };

template <>
struct EnumNames<ReturnConsumedCapacity> {
  static constexpr std::array<EnumName<ReturnConsumedCapacity>, 3> kNames{{
      {"NONE", ReturnConsumedCapacity::kNone},
      {"TOTAL", ReturnConsumedCapacity::kTotal},
      {"INDEXES", ReturnConsumedCapacity::kIndexes},
  }};
};

// Whether an answer is to show what was consumed.
inline bool IsWanted(std::optional<ReturnConsumedCapacity> wanted) {
  return wanted.value_or(ReturnConsumedCapacity::kNone) != ReturnConsumedCapacity::kNone;
}

struct Capacity {
  double capacity_units = 0;
  // Answers of transactions have one of these too, with the figure of capacity_units.
  std::optional<double> read_capacity_units = std::nullopt;
  std::optional<double> write_capacity_units = std::nullopt;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"CapacityUnits", &Capacity::capacity_units},
                           Field{"ReadCapacityUnits", &Capacity::read_capacity_units},
                           Field{"WriteCapacityUnits", &Capacity::write_capacity_units});
  }
};

// Whether figures show what kind of units they are; only those of transactions do (observed on
// AWS).
enum class UnitKind : std::uint8_t { kPlain, kTransactionalRead, kTransactionalWrite };

struct ConsumedCapacity : Capacity {
  std::string table_name;
  std::optional<Capacity> table;
  std::optional<MapOf<Capacity>> local_secondary_indexes;
  std::optional<MapOf<Capacity>> global_secondary_indexes;
  static constexpr auto Fields() {
    return std::tuple_cat(
        std::make_tuple(Field{"TableName", &ConsumedCapacity::table_name}), Capacity::Fields(),
        std::make_tuple(
            Field{"Table", &ConsumedCapacity::table},
            Field{"LocalSecondaryIndexes", &ConsumedCapacity::local_secondary_indexes},
            Field{"GlobalSecondaryIndexes", &ConsumedCapacity::global_secondary_indexes}));
  }
};

// Units for reading `size` bytes at once; reading nothing costs as much as one small item.
double ReadUnits(std::size_t size, bool consistent);
// Units for a write of an item that had and now has these sizes in bytes (0: no item).
double WriteUnits(std::size_t size_before, std::size_t size_after);

// The units of one request on one table and its indexes.
class CapacityCharge {
 public:
  CapacityCharge() = default;
  explicit CapacityCharge(double table_units) : table_(table_units) {}
  void MultiplyTable(double times) { table_ *= times; }
  // Adds units to the total alone, neither to the table's nor to an index's: those of writes that
  // failed.
  void AddUnplaced(double units) { unplaced_ += units; }
  // Adds units to an index's. The answer then shows the index, even if the units are 0.
  void AddIndex(const storage::IndexDefinition& index, double units);
  void Add(const CapacityCharge& other);

  // What the answer shows; nullopt unless `wanted` asks for it.
  [[nodiscard]] std::optional<ConsumedCapacity> Report(std::optional<ReturnConsumedCapacity> wanted,
                                                       std::string_view table_name,
                                                       UnitKind kind = UnitKind::kPlain) const;
  // Appends what Report returns, if anything, to `figures`: for answers with one figure per table.
  void ReportTo(std::optional<std::vector<ConsumedCapacity>>& figures,
                std::optional<ReturnConsumedCapacity> wanted, std::string_view table_name,
                UnitKind kind = UnitKind::kPlain) const;

 private:
  using UnitsByIndex = std::map<std::string, double, std::less<>>;
  static double Sum(const UnitsByIndex& units);
  static std::optional<MapOf<Capacity>> Figures(const UnitsByIndex& units, UnitKind kind);

  double table_ = 0;
  double unplaced_ = 0;
  UnitsByIndex local_;
  UnitsByIndex global_;
};

// The units of a write: those of the table, and of each index whose entry for the item changed. An
// entry that moves to another key is deleted and put:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
CapacityCharge WriteCharge(const storage::TableMetadata& table, const storage::WriteResult& write);

}  // namespace weir::dynamodb
