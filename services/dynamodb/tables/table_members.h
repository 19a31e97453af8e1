// SPDX-License-Identifier: Apache-2.0
// The structures that table and stream operations share, as they stand in requests and answers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/indexes/index_members.h"
#include "services/dynamodb/tables/encryption.h"
#include "services/dynamodb/tables/key_members.h"
#include "services/dynamodb/tables/table_state.h"
#include "storage/table.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

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
  // The text for any other value (recorded on AWS, October 2026).
  static constexpr std::string_view kUnknown =
      "Invalid table-class parameter provided. Please try again with a valid table-class value: "
      "[STANDARD, STANDARD_INFREQUENT_ACCESS].";
};

template <>
struct EnumNames<storage::StreamViewType> {
  static constexpr std::array<EnumName<storage::StreamViewType>, 4> kNames{
      {{"KEYS_ONLY", storage::StreamViewType::kKeysOnly},
       {"NEW_IMAGE", storage::StreamViewType::kNewImage},
       {"OLD_IMAGE", storage::StreamViewType::kOldImage},
       {"NEW_AND_OLD_IMAGES", storage::StreamViewType::kNewAndOldImages}}};
};

struct StreamSpecification {
  bool stream_enabled = false;
  std::optional<storage::StreamViewType> stream_view_type;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"StreamEnabled", &StreamSpecification::stream_enabled},
                           Field{"StreamViewType", &StreamSpecification::stream_view_type});
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

// What BillingModeSummary says, once more by a name that is in no published model (measured on AWS
// in August 2026).
struct TableThroughputModeSummary {
  storage::BillingMode table_throughput_mode = storage::BillingMode::kPayPerRequest;
  std::optional<Timestamp> last_update_to_pay_per_request_date_time;
  static constexpr auto Fields() {
    using Self = TableThroughputModeSummary;
    return std::make_tuple(Field{"TableThroughputMode", &Self::table_throughput_mode},
                           Field{"LastUpdateToPayPerRequestDateTime",
                                 &Self::last_update_to_pay_per_request_date_time});
  }
};

struct TableClassSummary {
  storage::TableClass table_class = storage::TableClass::kStandard;
  std::optional<Timestamp> last_update_date_time;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableClass", &TableClassSummary::table_class},
                           Field{"LastUpdateDateTime", &TableClassSummary::last_update_date_time});
  }
};

struct RestoreSummary {
  std::string source_backup_arn;
  std::string source_table_arn;
  Timestamp restore_date_time;
  bool restore_in_progress = false;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"SourceBackupArn", &RestoreSummary::source_backup_arn},
                           Field{"SourceTableArn", &RestoreSummary::source_table_arn},
                           Field{"RestoreDateTime", &RestoreSummary::restore_date_time},
                           Field{"RestoreInProgress", &RestoreSummary::restore_in_progress});
  }
};

// The API's TableDescription, which is made from storage::TableMetadata.
struct TableDescription {
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::string table_name;
  std::optional<std::vector<KeySchemaElement>> key_schema;
  TableStatus table_status = TableStatus::kActive;
  std::optional<Timestamp> creation_date_time;
  ProvisionedThroughputDescription provisioned_throughput;
  std::int64_t table_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string table_arn;
  std::string table_id;
  std::optional<BillingModeSummary> billing_mode_summary;
  std::optional<TableThroughputModeSummary> table_throughput_mode_summary;
  std::optional<std::vector<LocalSecondaryIndexDescription>> local_secondary_indexes;
  std::optional<std::vector<GlobalSecondaryIndexDescription>> global_secondary_indexes;
  std::optional<StreamSpecification> stream_specification;
  std::optional<std::string> latest_stream_label;
  std::optional<std::string> latest_stream_arn;
  std::optional<RestoreSummary> restore_summary;
  std::optional<SseDescription> sse_description;
  std::optional<TableClassSummary> table_class_summary;
  bool deletion_protection_enabled = false;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<TableWarmThroughputDescription> warm_throughput;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"AttributeDefinitions", &TableDescription::attribute_definitions},
        Field{"TableName", &TableDescription::table_name},
        Field{"KeySchema", &TableDescription::key_schema},
        Field{"TableStatus", &TableDescription::table_status},
        Field{"CreationDateTime", &TableDescription::creation_date_time},
        Field{"ProvisionedThroughput", &TableDescription::provisioned_throughput},
        Field{"TableSizeBytes", &TableDescription::table_size_bytes},
        Field{"ItemCount", &TableDescription::item_count},
        Field{"TableArn", &TableDescription::table_arn},
        Field{"TableId", &TableDescription::table_id},
        Field{"BillingModeSummary", &TableDescription::billing_mode_summary},
        Field{"TableThroughputModeSummary", &TableDescription::table_throughput_mode_summary},
        Field{"LocalSecondaryIndexes", &TableDescription::local_secondary_indexes},
        Field{"GlobalSecondaryIndexes", &TableDescription::global_secondary_indexes},
        Field{"StreamSpecification", &TableDescription::stream_specification},
        Field{"LatestStreamLabel", &TableDescription::latest_stream_label},
        Field{"LatestStreamArn", &TableDescription::latest_stream_arn},
        Field{"RestoreSummary", &TableDescription::restore_summary},
        Field{"SSEDescription", &TableDescription::sse_description},
        Field{"TableClassSummary", &TableDescription::table_class_summary},
        Field{"DeletionProtectionEnabled", &TableDescription::deletion_protection_enabled},
        Field{"OnDemandThroughput", &TableDescription::on_demand_throughput},
        Field{"WarmThroughput", &TableDescription::warm_throughput});
  }
};

// Which answer a description is for. The answers of CreateTable and DeleteTable show the state that
// the table enters (CREATING, DELETING), even if that is already over, and fewer members.
enum class TableDescriptionKind : std::uint8_t { kCreated, kDescribed, kDeleted };

// The table as its answer shows it at `now`.
TableDescription Describe(const storage::TableMetadata& table,
                          const storage::TableStatistics& statistics, TableDescriptionKind kind,
                          Micros now);

// Sets both billing summaries of `view`; `on_demand_since` is left out of them if it is nullopt.
void ShowBillingMode(storage::BillingMode mode, std::optional<Timestamp> on_demand_since,
                     TableDescription& view);

// Adds the index `name`, which is DELETING or already deleted, to `view`, with the attribute
// definitions that only it needs. `before` is the table's metadata from before the deletion.
void ShowRemovedIndex(std::string_view name, const storage::TableMetadata& before, Micros now,
                      TableDescription& view);

// The answer of the operations that change one table. DescribeTable has another, since AWS calls
// the member `Table` there.
struct TableDescriptionResponse {
  TableDescription table;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableDescription", &TableDescriptionResponse::table});
  }
};

}  // namespace weir::dynamodb
