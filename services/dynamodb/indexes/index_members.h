// SPDX-License-Identifier: Apache-2.0
// Secondary indexes, as they stand in the requests and answers of table operations.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/tables/key_members.h"
#include "storage/index_definition.h"

namespace weir::dynamodb {

template <>
struct EnumNames<storage::ProjectionType> {
  static constexpr std::array<EnumName<storage::ProjectionType>, 3> kNames{
      {{"ALL", storage::ProjectionType::kAll},
       {"KEYS_ONLY", storage::ProjectionType::kKeysOnly},
       {"INCLUDE", storage::ProjectionType::kInclude}}};
};

struct IndexProjection {
  std::optional<storage::ProjectionType> projection_type;
  std::optional<std::vector<std::string>> non_key_attributes;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ProjectionType", &IndexProjection::projection_type},
                           Field{"NonKeyAttributes", &IndexProjection::non_key_attributes});
  }
};

// LocalSecondaryIndex of CreateTable, and the members that GlobalSecondaryIndex shares with it.
struct LocalSecondaryIndex {
  std::string index_name;
  std::vector<KeySchemaElement> key_schema;
  IndexProjection projection;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"IndexName", &LocalSecondaryIndex::index_name},
                           Field{"KeySchema", &LocalSecondaryIndex::key_schema},
                           Field{"Projection", &LocalSecondaryIndex::projection});
  }
};

struct GlobalSecondaryIndex : LocalSecondaryIndex {
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
  static constexpr auto Fields() {
    return std::tuple_cat(
        LocalSecondaryIndex::Fields(),
        std::make_tuple(
            Field{"ProvisionedThroughput", &GlobalSecondaryIndex::provisioned_throughput},
            Field{"OnDemandThroughput", &GlobalSecondaryIndex::on_demand_throughput},
            Field{"WarmThroughput", &GlobalSecondaryIndex::warm_throughput}));
  }
};

// LocalSecondaryIndexDescription.
struct LocalSecondaryIndexDescription {
  std::string index_name;
  std::vector<KeySchemaElement> key_schema;
  IndexProjection projection;
  std::int64_t index_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string index_arn;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"IndexName", &LocalSecondaryIndexDescription::index_name},
        Field{"KeySchema", &LocalSecondaryIndexDescription::key_schema},
        Field{"Projection", &LocalSecondaryIndexDescription::projection},
        Field{"IndexSizeBytes", &LocalSecondaryIndexDescription::index_size_bytes},
        Field{"ItemCount", &LocalSecondaryIndexDescription::item_count},
        Field{"IndexArn", &LocalSecondaryIndexDescription::index_arn});
  }
};

// GlobalSecondaryIndexDescription.
struct GlobalSecondaryIndexDescription : LocalSecondaryIndexDescription {
  std::string index_status;
  std::optional<bool> backfilling;
  ProvisionedThroughputDescription provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<TableWarmThroughputDescription> warm_throughput;
  static constexpr auto Fields() {
    return std::tuple_cat(
        LocalSecondaryIndexDescription::Fields(),
        std::make_tuple(
            Field{"IndexStatus", &GlobalSecondaryIndexDescription::index_status},
            Field{"Backfilling", &GlobalSecondaryIndexDescription::backfilling},
            Field{"ProvisionedThroughput",
                  &GlobalSecondaryIndexDescription::provisioned_throughput},
            Field{"OnDemandThroughput", &GlobalSecondaryIndexDescription::on_demand_throughput},
            Field{"WarmThroughput", &GlobalSecondaryIndexDescription::warm_throughput}));
  }
};

}  // namespace weir::dynamodb
