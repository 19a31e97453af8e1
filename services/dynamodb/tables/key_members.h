// SPDX-License-Identifier: Apache-2.0
// Keys and capacities, as they stand in the requests and answers of table operations.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/index_key.h"
#include "core/key.h"
#include "services/dynamodb/common/fields.h"

namespace weir::dynamodb {

enum class KeyType : std::uint8_t { kHash, kRange };

template <>
struct EnumNames<KeyType> {
  static constexpr std::array<EnumName<KeyType>, 2> kNames{
      {{"HASH", KeyType::kHash}, {"RANGE", KeyType::kRange}}};
};

// ScalarAttributeType: the types that a key attribute may have.
template <>
struct EnumNames<ValueType> {
  static constexpr std::array<EnumName<ValueType>, 3> kNames{
      {{"S", ValueType::kString}, {"N", ValueType::kNumber}, {"B", ValueType::kBinary}}};
};

struct KeySchemaElement {
  std::string attribute_name;
  KeyType key_type = KeyType::kHash;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"AttributeName", &KeySchemaElement::attribute_name},
                           Field{"KeyType", &KeySchemaElement::key_type});
  }
};

struct AttributeDefinition {
  std::string attribute_name;
  ValueType attribute_type = ValueType::kString;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"AttributeName", &AttributeDefinition::attribute_name},
                           Field{"AttributeType", &AttributeDefinition::attribute_type});
  }
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ReadCapacityUnits", &ProvisionedThroughput::read_capacity_units},
        Field{"WriteCapacityUnits", &ProvisionedThroughput::write_capacity_units});
  }
};

struct ProvisionedThroughputDescription {
  std::optional<Timestamp> last_increase_date_time;
  std::optional<Timestamp> last_decrease_date_time;
  std::int64_t number_of_decreases_today = 0;
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  static constexpr auto Fields() {
    using Self = ProvisionedThroughputDescription;
    return std::make_tuple(Field{"LastIncreaseDateTime", &Self::last_increase_date_time},
                           Field{"LastDecreaseDateTime", &Self::last_decrease_date_time},
                           Field{"NumberOfDecreasesToday", &Self::number_of_decreases_today},
                           Field{"ReadCapacityUnits", &Self::read_capacity_units},
                           Field{"WriteCapacityUnits", &Self::write_capacity_units});
  }
};

struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"MaxReadRequestUnits", &OnDemandThroughput::max_read_request_units},
        Field{"MaxWriteRequestUnits", &OnDemandThroughput::max_write_request_units});
  }
};

// WarmThroughput of requests.
struct WarmThroughput {
  std::optional<std::int64_t> read_units_per_second;
  std::optional<std::int64_t> write_units_per_second;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ReadUnitsPerSecond", &WarmThroughput::read_units_per_second},
                           Field{"WriteUnitsPerSecond", &WarmThroughput::write_units_per_second});
  }
};

// TableWarmThroughputDescription, and GlobalSecondaryIndexWarmThroughputDescription.
struct TableWarmThroughputDescription {
  std::int64_t read_units_per_second = 0;
  std::int64_t write_units_per_second = 0;
  std::string status;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ReadUnitsPerSecond", &TableWarmThroughputDescription::read_units_per_second},
        Field{"WriteUnitsPerSecond", &TableWarmThroughputDescription::write_units_per_second},
        Field{"Status", &TableWarmThroughputDescription::status});
  }
};

std::vector<KeySchemaElement> KeySchemaElements(const KeySchema& schema);
std::vector<KeySchemaElement> KeySchemaElements(const IndexKeySchema& schema);

}  // namespace weir::dynamodb
