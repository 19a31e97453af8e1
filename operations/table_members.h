// SPDX-License-Identifier: Apache-2.0
// The structures that table and stream operations share, as they stand in requests and answers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "operations/fields.h"
#include "storage/table.h"
#include "storage/table_description.h"

namespace weir::operations {

enum class KeyType : std::uint8_t { kHash, kRange };

template <>
struct EnumNames<KeyType> {
  static constexpr std::array<EnumName<KeyType>, 2> kNames{
      {{"HASH", KeyType::kHash}, {"RANGE", KeyType::kRange}}};
};

// ScalarAttributeType.
template <>
struct EnumNames<ValueType> {
  static constexpr std::array<EnumName<ValueType>, 3> kNames{
      {{"S", ValueType::kString}, {"N", ValueType::kNumber}, {"B", ValueType::kBinary}}};
};

template <>
struct EnumNames<storage::BillingMode> {
  static constexpr std::array<EnumName<storage::BillingMode>, 2> kNames{
      {{"PROVISIONED", storage::BillingMode::kProvisioned},
       {"PAY_PER_REQUEST", storage::BillingMode::kPayPerRequest}}};
};

template <>
struct EnumNames<storage::TableClass> {
  static constexpr std::array<EnumName<storage::TableClass>, 2> kNames{
      {{"STANDARD", storage::TableClass::kStandard},
       {"STANDARD_INFREQUENT_ACCESS", storage::TableClass::kStandardInfrequentAccess}}};
};

template <>
struct EnumNames<storage::StreamViewType> {
  static constexpr std::array<EnumName<storage::StreamViewType>, 4> kNames{
      {{"KEYS_ONLY", storage::StreamViewType::kKeysOnly},
       {"NEW_IMAGE", storage::StreamViewType::kNewImage},
       {"OLD_IMAGE", storage::StreamViewType::kOldImage},
       {"NEW_AND_OLD_IMAGES", storage::StreamViewType::kNewAndOldImages}}};
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

struct StreamSpecification {
  bool stream_enabled = false;
  std::optional<storage::StreamViewType> stream_view_type;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamEnabled", &StreamSpecification::stream_enabled},
                           Field{"StreamViewType", &StreamSpecification::stream_view_type});
  }
};

struct ProvisionedThroughputDescription {
  std::int64_t number_of_decreases_today = 0;
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  static constexpr auto Fields() {
    using Self = ProvisionedThroughputDescription;
    return std::make_tuple(Field{"NumberOfDecreasesToday", &Self::number_of_decreases_today},
                           Field{"ReadCapacityUnits", &Self::read_capacity_units},
                           Field{"WriteCapacityUnits", &Self::write_capacity_units});
  }
};

struct BillingModeSummary {
  storage::BillingMode billing_mode = storage::BillingMode::kPayPerRequest;
  std::optional<Timestamp> last_update_to_pay_per_request_date_time;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BillingMode", &BillingModeSummary::billing_mode},
                           Field{"LastUpdateToPayPerRequestDateTime",
                                 &BillingModeSummary::last_update_to_pay_per_request_date_time});
  }
};

struct TableWarmThroughput {
  std::int64_t read_units_per_second = 0;
  std::int64_t write_units_per_second = 0;
  std::string status;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ReadUnitsPerSecond", &TableWarmThroughput::read_units_per_second},
        Field{"WriteUnitsPerSecond", &TableWarmThroughput::write_units_per_second},
        Field{"Status", &TableWarmThroughput::status});
  }
};

struct TableClassSummary {
  storage::TableClass table_class = storage::TableClass::kStandard;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableClass", &TableClassSummary::table_class});
  }
};

// TableDescription of the API; storage::TableDescription is what it is made from.
struct TableView {
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::string table_name;
  std::optional<std::vector<KeySchemaElement>> key_schema;
  std::string table_status;
  std::optional<Timestamp> creation_date_time;
  ProvisionedThroughputDescription provisioned_throughput;
  std::int64_t table_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string table_arn;
  std::string table_id;
  std::optional<BillingModeSummary> billing_mode_summary;
  std::optional<StreamSpecification> stream_specification;
  std::optional<std::string> latest_stream_label;
  std::optional<std::string> latest_stream_arn;
  std::optional<TableClassSummary> table_class_summary;
  bool deletion_protection_enabled = false;
  std::optional<TableWarmThroughput> warm_throughput;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"AttributeDefinitions", &TableView::attribute_definitions},
        Field{"TableName", &TableView::table_name}, Field{"KeySchema", &TableView::key_schema},
        Field{"TableStatus", &TableView::table_status},
        Field{"CreationDateTime", &TableView::creation_date_time},
        Field{"ProvisionedThroughput", &TableView::provisioned_throughput},
        Field{"TableSizeBytes", &TableView::table_size_bytes},
        Field{"ItemCount", &TableView::item_count}, Field{"TableArn", &TableView::table_arn},
        Field{"TableId", &TableView::table_id},
        Field{"BillingModeSummary", &TableView::billing_mode_summary},
        Field{"StreamSpecification", &TableView::stream_specification},
        Field{"LatestStreamLabel", &TableView::latest_stream_label},
        Field{"LatestStreamArn", &TableView::latest_stream_arn},
        Field{"TableClassSummary", &TableView::table_class_summary},
        Field{"DeletionProtectionEnabled", &TableView::deletion_protection_enabled},
        Field{"WarmThroughput", &TableView::warm_throughput});
  }
};

// Which answer a description stands in; each shows something else.
enum class TableViewKind : std::uint8_t { kCreated, kDescribed, kUpdated, kDeleted };

TableView Describe(const storage::TableDescription& table,
                   const storage::Table::Statistics& statistics, TableViewKind kind);

std::vector<KeySchemaElement> KeySchemaElements(const KeySchema& schema);

// The answer of operations on one table. `Table` or `TableDescription` is what AWS calls the
// member.
struct TableDescriptionResponse {
  TableView table;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableDescription", &TableDescriptionResponse::table});
  }
};

}  // namespace weir::operations
