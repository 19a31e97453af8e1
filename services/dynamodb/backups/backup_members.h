// SPDX-License-Identifier: Apache-2.0
// Backups, as they stand in answers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/settings/time_to_live_members.h"
#include "services/dynamodb/tables/table_members.h"
#include "storage/backup.h"

namespace weir::dynamodb {

// A backup is AVAILABLE at once: only the answer of CreateBackup says CREATING, and only that of
// DeleteBackup says DELETED.
enum class BackupStatus : std::uint8_t { kCreating, kAvailable, kDeleted };

template <>
struct EnumNames<BackupStatus> {
  static constexpr std::array<EnumName<BackupStatus>, 3> kNames{
      {{"CREATING", BackupStatus::kCreating},
       {"AVAILABLE", BackupStatus::kAvailable},
       {"DELETED", BackupStatus::kDeleted}}};
};

enum class BackupType : std::uint8_t { kUser, kSystem };

template <>
struct EnumNames<BackupType> {
  static constexpr std::array<EnumName<BackupType>, 2> kNames{
      {{"USER", BackupType::kUser}, {"SYSTEM", BackupType::kSystem}}};
};

struct BackupDetails {
  std::string backup_arn;
  std::string backup_name;
  std::int64_t backup_size_bytes = 0;
  BackupStatus backup_status = BackupStatus::kAvailable;
  BackupType backup_type = BackupType::kUser;
  Timestamp backup_creation_date_time;
  std::optional<Timestamp> backup_expiry_date_time;  // of a SYSTEM backup
  static constexpr auto Fields() {
    using Self = BackupDetails;
    return std::make_tuple(
        Field{"BackupArn", &Self::backup_arn}, Field{"BackupName", &Self::backup_name},
        Field{"BackupSizeBytes", &Self::backup_size_bytes},
        Field{"BackupStatus", &Self::backup_status}, Field{"BackupType", &Self::backup_type},
        Field{"BackupCreationDateTime", &Self::backup_creation_date_time},
        Field{"BackupExpiryDateTime", &Self::backup_expiry_date_time});
  }
};

struct SourceTableDetails {
  std::string table_name;
  std::string table_id;
  std::string table_arn;
  std::int64_t table_size_bytes = 0;
  std::vector<KeySchemaElement> key_schema;
  Timestamp table_creation_date_time;
  ProvisionedThroughput provisioned_throughput;
  std::int64_t item_count = 0;
  storage::BillingMode billing_mode = storage::BillingMode::kProvisioned;
  std::optional<OnDemandThroughput> on_demand_throughput;
  static constexpr auto Fields() {
    using Self = SourceTableDetails;
    return std::make_tuple(
        Field{"TableName", &Self::table_name}, Field{"TableId", &Self::table_id},
        Field{"TableArn", &Self::table_arn}, Field{"TableSizeBytes", &Self::table_size_bytes},
        Field{"KeySchema", &Self::key_schema},
        Field{"TableCreationDateTime", &Self::table_creation_date_time},
        Field{"ProvisionedThroughput", &Self::provisioned_throughput},
        Field{"OnDemandThroughput", &Self::on_demand_throughput},
        Field{"ItemCount", &Self::item_count}, Field{"BillingMode", &Self::billing_mode});
  }
};

struct SourceTableFeatureDetails {
  std::optional<std::vector<LocalSecondaryIndex>> local_secondary_indexes;
  std::optional<std::vector<GlobalSecondaryIndex>> global_secondary_indexes;
  std::optional<StreamSpecification> stream_description;
  std::optional<TimeToLiveDescription> time_to_live_description;
  std::optional<SseDescription> sse_description;
  static constexpr auto Fields() {
    using Self = SourceTableFeatureDetails;
    return std::make_tuple(Field{"LocalSecondaryIndexes", &Self::local_secondary_indexes},
                           Field{"GlobalSecondaryIndexes", &Self::global_secondary_indexes},
                           Field{"StreamDescription", &Self::stream_description},
                           Field{"TimeToLiveDescription", &Self::time_to_live_description},
                           Field{"SSEDescription", &Self::sse_description});
  }
};

struct BackupDescription {
  BackupDetails backup_details;
  SourceTableDetails source_table_details;
  SourceTableFeatureDetails source_table_feature_details;
  static constexpr auto Fields() {
    using Self = BackupDescription;
    return std::make_tuple(Field{"BackupDetails", &Self::backup_details},
                           Field{"SourceTableDetails", &Self::source_table_details},
                           Field{"SourceTableFeatureDetails", &Self::source_table_feature_details});
  }
};

// The answer of operations on one backup.
struct BackupDescriptionResponse {
  BackupDescription backup_description;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"BackupDescription", &BackupDescriptionResponse::backup_description});
  }
};

BackupDetails DescribeDetails(const storage::Backup& backup, BackupStatus status);
BackupDescription Describe(const storage::Backup& backup, BackupStatus status);

// The error for an ARN that names no backup, in a request to `region`: BackupNotFoundException, or
// ValidationException or AccessDeniedException if the ARN is invalid. An ARN with another region of
// AWS's is valid.
ApiError BackupNotFound(std::string_view arn, std::string_view region);

// ContinuousBackupsUnavailableException, for a table that is still being created.
ApiError BackupsBeingEnabled(const std::string& table);

}  // namespace weir::dynamodb
