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
#include "storage/table_description.h"

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

// TableDescription of the API; storage::TableDescription is what it is made from.
struct TableView {
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
  std::optional<std::vector<LocalIndexView>> local_secondary_indexes;
  std::optional<std::vector<GlobalIndexView>> global_secondary_indexes;
  std::optional<StreamSpecification> stream_specification;
  std::optional<std::string> latest_stream_label;
  std::optional<std::string> latest_stream_arn;
  std::optional<RestoreSummary> restore_summary;
  std::optional<SseDescription> sse_description;
  std::optional<TableClassSummary> table_class_summary;
  bool deletion_protection_enabled = false;
  std::optional<OnDemandThroughput> on_demand_throughput;
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
        Field{"LocalSecondaryIndexes", &TableView::local_secondary_indexes},
        Field{"GlobalSecondaryIndexes", &TableView::global_secondary_indexes},
        Field{"StreamSpecification", &TableView::stream_specification},
        Field{"LatestStreamLabel", &TableView::latest_stream_label},
        Field{"LatestStreamArn", &TableView::latest_stream_arn},
        Field{"RestoreSummary", &TableView::restore_summary},
        Field{"SSEDescription", &TableView::sse_description},
        Field{"TableClassSummary", &TableView::table_class_summary},
        Field{"DeletionProtectionEnabled", &TableView::deletion_protection_enabled},
        Field{"OnDemandThroughput", &TableView::on_demand_throughput},
        Field{"WarmThroughput", &TableView::warm_throughput});
  }
};

// Which answer a description stands in. CreateTable's and DeleteTable's name the state that the
// table enters even if it has left it by then, and show less.
enum class TableViewKind : std::uint8_t { kCreated, kDescribed, kDeleted };

// The table as it shows at `now`.
TableView Describe(const storage::TableDescription& table,
                   const storage::TableStatistics& statistics, TableViewKind kind, Micros now);

// Adds to a table's view an index that is being deleted, or was, as it is in the table `before`,
// and the attribute definitions that only it needs.
void ShowRemovedIndex(std::string_view name, const storage::TableDescription& before, Micros now,
                      TableView& view);

// The answer of operations on one table. `Table` or `TableDescription` is what AWS calls the
// member.
struct TableDescriptionResponse {
  TableView table;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableDescription", &TableDescriptionResponse::table});
  }
};

}  // namespace weir::dynamodb
