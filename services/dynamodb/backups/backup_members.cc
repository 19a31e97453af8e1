// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/backup_members.h"

#include <utility>

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
  // Of the service's own AWS shows no features (public notes from live AWS, October 2026); restored
  // they are all the same.
  return {DescribeDetails(backup, status), DescribeSource(backup),
          backup.system() ? SourceTableFeatureDetails() : DescribeFeatures(backup.table())};
}

ApiError BackupNotFound(std::string_view arn) {
  return MakeError(ErrorCode::kBackupNotFound, "Backup not found: " + std::string(arn));
}

}  // namespace weir::dynamodb
