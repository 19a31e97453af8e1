// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/restore_table_from_backup.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/indexes/online_indexes.h"
#include "services/dynamodb/tables/create_table.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

using storage::BillingMode;
using storage::IndexDefinition;
using storage::IndexDefinitionPtr;
using storage::TableMetadata;

// The same key and projection.
bool IsSame(const LocalSecondaryIndex& wanted, const IndexDefinition& index) {
  const auto same_keys = [](const KeySchemaElement& a, const KeySchemaElement& b) {
    return a.attribute_name == b.attribute_name && a.key_type == b.key_type;
  };
  const std::vector<KeySchemaElement> keys = KeySchemaElements(index.key_schema);
  return std::equal(keys.begin(), keys.end(), wanted.key_schema.begin(), wanted.key_schema.end(),
                    same_keys) &&
         wanted.projection.projection_type == index.projection_type &&
         wanted.projection.non_key_attributes.value_or(std::vector<std::string>()) ==
             index.non_key_attributes;
}

// Keeps of the indexes of one scope those that `wanted` names: they may be left out, not added.
template <class Index>
Status KeepIndexes(const std::vector<Index>& wanted, storage::IndexScope scope,
                   TableMetadata& table) {
  for (const Index& index : wanted) {
    const IndexDefinitionPtr known = FindIndex(table, index.index_name);
    if (known == nullptr || known->scope != scope || !IsSame(index, *known)) {
      return InvalidParameter("Index " + index.index_name +
                              " is not one of the indexes of the backup");
    }
  }
  const auto left_out = [&](const IndexDefinitionPtr& index) {
    return index->scope == scope &&
           std::none_of(wanted.begin(), wanted.end(),
                        [&](const auto& one) { return one.index_name == index->name; });
  };
  table.indexes.erase(std::remove_if(table.indexes.begin(), table.indexes.end(), left_out),
                      table.indexes.end());
  return {};
}

// The description of the restored table: of the one that was backed up its keys, indexes, capacity
// and encryption, and nothing else.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CreateBackup.html
Result<TableMetadata> Restored(const Context& context, const RestoreTableFromBackupRequest& request,
                               const storage::Backup& backup) {
  const Micros now = context.database.clock().Now();
  TableMetadata table = NewTable(context, request.target_table_name);
  const TableMetadata& source = backup.table();
  table.key_schema = source.key_schema;
  table.attribute_definitions = source.attribute_definitions;
  table.indexes = source.indexes;
  if (request.global_secondary_index_override.has_value()) {
    WEIR_RETURN_IF_ERROR(
        KeepIndexes(*request.global_secondary_index_override, storage::IndexScope::kGlobal, table));
  }
  if (request.local_secondary_index_override.has_value()) {
    WEIR_RETURN_IF_ERROR(
        KeepIndexes(*request.local_secondary_index_override, storage::IndexScope::kLocal, table));
  }
  PruneDefinitions(table);
  for (IndexDefinitionPtr& index : table.indexes) {
    auto restored = std::make_shared<IndexDefinition>(*index);
    restored->arn = table.arn + "/index/" + restored->name;
    index = std::move(restored);
  }
  table.encryption_key =
      storage::Settling(request.sse_specification_override.has_value()
                            ? KeyOf(*request.sse_specification_override, context.request.region)
                            : source.encryption_key.value());
  table.restore = storage::Restore{backup.arn, source.arn, now, true};
  return table;
}

// The units of one of the indexes: those that the request names, else those of the backup; the
// table's own when it was on demand.
ProvisionedThroughput IndexUnits(const RestoreTableFromBackupRequest& request,
                                 const TableMetadata& source, const std::string& name,
                                 const ProvisionedThroughput& table_units) {
  for (const GlobalSecondaryIndex& index :
       request.global_secondary_index_override.value_or(std::vector<GlobalSecondaryIndex>())) {
    if (index.index_name == name && index.provisioned_throughput.has_value()) {
      return *index.provisioned_throughput;
    }
  }
  return source.billing_mode == BillingMode::kProvisioned
             ? UnitsOf(source.index_capacity.find(name)->second)
             : table_units;
}

// Gives the table and its indexes their units (none: on demand). What was on demand keeps its
// limits.
void AddCapacity(const RestoreTableFromBackupRequest& request, const TableMetadata& source,
                 const std::optional<ProvisionedThroughput>& units, TableMetadata& table) {
  const auto make = [&](const std::optional<ProvisionedThroughput>& given,
                        const storage::Capacity& from) {
    const ThroughputMembers members{given, std::nullopt, std::nullopt};
    storage::Capacity made =
        NewCapacity(table.billing_mode, members, table.creation_time, table.change_due);
    if (!given.has_value()) {
      made.on_demand = from.on_demand;
    }
    return made;
  };
  table.capacity = make(units, source.capacity);
  for (const IndexDefinitionPtr& index : table.indexes) {
    if (!index->global()) {
      continue;
    }
    const auto given = units.has_value()
                           ? std::optional(IndexUnits(request, source, index->name, *units))
                           : std::nullopt;
    table.index_capacity[index->name] =
        make(given, source.index_capacity.find(index->name)->second);
  }
}

Status SetCapacity(const RestoreTableFromBackupRequest& request, const TableMetadata& source,
                   TableMetadata& table) {
  table.billing_mode = request.billing_mode_override.value_or(source.billing_mode);
  std::optional<ProvisionedThroughput> units = request.provisioned_throughput_override;
  if (table.billing_mode == BillingMode::kPayPerRequest) {
    if (units.has_value()) {
      return InvalidParameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    table.on_demand_since = table.creation_time;
  } else if (!units.has_value()) {
    if (source.billing_mode == BillingMode::kPayPerRequest) {
      return InvalidParameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
          "PROVISIONED");
    }
    units = UnitsOf(source.capacity);
  }
  const std::optional<OnDemandThroughput>& limits = request.on_demand_throughput_override;
  if (limits.has_value() && table.billing_mode == BillingMode::kProvisioned) {
    WEIR_RETURN_IF_ERROR(CheckNoOnDemand(*limits, {}, ThroughputRequest::kCreation));
  }
  AddCapacity(request, source, units, table);
  if (limits.has_value()) {
    MergeOnDemand(*limits, table.capacity.on_demand);
  }
  return {};
}

// LimitExceededException or BackupInUseException. What is being restored is found among the tables,
// so nothing has to be kept of it.
Status CheckRestores(Database& database, std::string_view backup_arn) {
  std::size_t at_once = 0;
  for (const storage::TablePtr& table : database.tables().All()) {
    const storage::TableMetadataPtr metadata = table->metadata();
    if (!IsRestoring(*metadata)) {
      continue;
    }
    ++at_once;
    if (metadata->restore->source_backup_arn == backup_arn) {
      return MakeError(ErrorCode::kBackupInUse,
                       "Backup is being used to restore another table: " + std::string(backup_arn));
    }
  }
  if (at_once >= limits::kRestoresAtOnce) {
    return MakeError(ErrorCode::kLimitExceeded,
                     "Subscriber limit exceeded: Only 50 tables can be restored at once");
  }
  return {};
}

}  // namespace

Result<RestoreTableFromBackup::Plan> RestoreTableFromBackup::Validate(const Request& request) {
  if (request.sse_specification_override.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckEncryption(*request.sse_specification_override));
  }
  if (request.on_demand_throughput_override.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckOnDemandRange(*request.on_demand_throughput_override, {},
                                            ThroughputRequest::kCreation));
  }
  return Plan{};
}

Result<RestoreTableFromBackup::Response> RestoreTableFromBackup::Execute(Context& context,
                                                                         const Request& request,
                                                                         const Plan& /*plan*/) {
  Database& database = context.database;
  const storage::BackupPtr backup = database.backups().Find(request.backup_arn);
  if (backup == nullptr) {
    return BackupNotFound(request.backup_arn);
  }
  WEIR_RETURN_IF_ERROR(CheckRestores(database, request.backup_arn));
  WEIR_ASSIGN_OR_RETURN(TableMetadata metadata, Restored(context, request, *backup));
  WEIR_RETURN_IF_ERROR(SetCapacity(request, backup->table(), metadata));
  const auto table =
      std::make_shared<storage::Table>(std::move(metadata), database.engine(), database.clock(),
                                       backup->image, database.log_budget());
  Response response{Describe(*table->metadata(), table->statistics(),
                             TableDescriptionKind::kCreated, table->metadata()->creation_time)};
  const auto prepare = [&]() -> Status {
    database.Drive(*table);
    return {};
  };
  if (storage::Outcome<void> added = database.tables().Add(table, prepare); !added.ok()) {
    ApiError error = ErrorOf(std::move(added).error());
    if (error.code == ErrorCode::kResourceInUse) {
      error.code = ErrorCode::kTableAlreadyExists;
    }
    return error;
  }
  return response;
}

}  // namespace weir::dynamodb
