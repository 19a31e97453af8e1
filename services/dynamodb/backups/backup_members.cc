// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/backup_members.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "services/dynamodb/database.h"
#include "services/dynamodb/tables/encryption.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

template <class Index>
void SetCommon(const storage::IndexDefinition& definition, Index& index) {
  index.index_name = definition.name;
  index.key_schema = KeySchemaElements(definition.key_schema);
  index.projection.projection_type = definition.projection_type;
  if (!definition.non_key_attributes.empty()) {
    index.projection.non_key_attributes = definition.non_key_attributes;
  }
}

SourceTableDetails DescribeSource(const storage::Backup& backup) {
  const storage::TableMetadata& table = backup.table();
  SourceTableDetails details;
  details.table_name = table.name;
  details.table_id = table.id;
  details.table_arn = table.arn;
  details.table_size_bytes = static_cast<std::int64_t>(backup.image.statistics.size_bytes);
  details.key_schema = KeySchemaElements(table.key_schema);
  details.table_creation_date_time = {table.creation_time};
  details.provisioned_throughput = UnitsOf(table.capacity);
  details.item_count = static_cast<std::int64_t>(backup.image.statistics.item_count);
  details.billing_mode = table.billing_mode;
  if (table.billing_mode == storage::BillingMode::kPayPerRequest) {
    details.on_demand_throughput = DescribeOnDemand(table.capacity.on_demand);
  }
  return details;
}

SourceTableFeatureDetails DescribeFeatures(const storage::TableMetadata& table) {
  SourceTableFeatureDetails details;
  for (const storage::IndexDefinitionPtr& definition : table.indexes) {
    if (definition->global()) {
      GlobalSecondaryIndex index;
      SetCommon(*definition, index);
      index.provisioned_throughput = UnitsOf(table.index_capacity.find(definition->name)->second);
      Append(details.global_secondary_indexes, std::move(index));
    } else {
      LocalSecondaryIndex index;
      SetCommon(*definition, index);
      Append(details.local_secondary_indexes, std::move(index));
    }
  }
  if (table.stream_view.has_value()) {
    details.stream_description = {true, table.stream_view};
  }
  details.sse_description = DescribeEncryption(table.encryption_key.value(), true);
  if (table.time_to_live.attribute.has_value()) {
    details.time_to_live_description = DescribeTimeToLiveOf(table.time_to_live);
  }
  return details;
}

}  // namespace

BackupDetails DescribeDetails(const storage::Backup& backup, BackupStatus status) {
  BackupDetails details;
  details.backup_arn = backup.arn;
  details.backup_name = backup.name;
  details.backup_size_bytes = static_cast<std::int64_t>(backup.image.statistics.size_bytes);
  details.backup_status = status;
  details.backup_creation_date_time = {backup.creation_time};
  if (backup.system()) {
    details.backup_type = BackupType::kSystem;
    details.backup_expiry_date_time = {*backup.expiry};
  }
  return details;
}

BackupDescription Describe(const storage::Backup& backup, BackupStatus status) {
  // AWS shows no features of a SYSTEM backup, yet a table restored from it has them (public notes
  // from live AWS, October 2026).
  return {DescribeDetails(backup, status), DescribeSource(backup),
          backup.system() ? SourceTableFeatureDetails() : DescribeFeatures(backup.table())};
}

namespace {

// The parts of "arn:<partition>:<service>:<region>:<account>:table/<name>/backup/<id>".
struct BackupArnParts {
  std::string_view partition;
  std::string_view service;
  std::string_view region;
  std::string_view account;
};

// nullopt if the text does not have the form of a backup's ARN. The parts borrow from `arn`.
std::optional<BackupArnParts> PartsOf(std::string_view arn) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) {
      return std::nullopt;
    }
    parts[i] = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  const std::size_t backup = arn.find("/backup/");
  if (parts[0] != "arn" || !arn.starts_with("table/") || backup == std::string_view::npos) {
    return std::nullopt;
  }
  return BackupArnParts{parts[1], parts[2], parts[3], parts[4]};
}

bool IsRegion(std::string_view text) {
  constexpr std::array<std::string_view, 36> kRegions = {
      "af-south-1",     "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2",
      "ap-northeast-3", "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2",
      "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
      "ca-central-1",   "ca-west-1",      "eu-central-1",   "eu-central-2",   "eu-north-1",
      "eu-south-1",     "eu-south-2",     "eu-west-1",      "eu-west-2",      "eu-west-3",
      "il-central-1",   "me-central-1",   "me-south-1",     "mx-central-1",   "sa-east-1",
      "us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "us-gov-east-1",
      "us-gov-west-1"};
  return std::find(kRegions.begin(), kRegions.end(), text) != kRegions.end();
}

}  // namespace

ApiError BackupNotFound(std::string_view arn, std::string_view region) {
  const std::optional<BackupArnParts> parts = PartsOf(arn);
  if (!parts.has_value()) {
    return ValidationError("Invalid Backup ARN");
  }
  const bool other_account = parts->account != kAccountId;
  if (parts->region.empty() || (other_account && parts->partition == "aws")) {
    return MakeError(ErrorCode::kAccessDenied, "Access is denied");
  }
  if (parts->partition != "aws" || parts->service != "dynamodb" ||
      (parts->region != region && !IsRegion(parts->region))) {
    return ValidationError("Invalid Request: BackupArn is not valid");
  }
  return MakeError(ErrorCode::kBackupNotFound, "Backup not found: " + std::string(arn));
}

ApiError BackupsBeingEnabled(const std::string& table) {
  return MakeError(ErrorCode::kContinuousBackupsUnavailable,
                   "Backups are being enabled for the table: " + table + ". Please retry later");
}

}  // namespace weir::dynamodb
