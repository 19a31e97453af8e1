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

// Whether the key and the projection are the same.
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

ApiError InvalidRequest(const std::string& text) {
  return ValidationError("Invalid Request: " + text);
}

// An index of the restored table, and its name in the backup.
struct RestoredIndex {
  std::shared_ptr<IndexDefinition> definition;
  std::string source_name;
};

// Adds the indexes of one scope to `restored`. Without `wanted` these are all that the backup has.
// Else each wanted index must match one in the backup by key and projection, and the restored index
// has the wanted name (observed on AWS).
template <class Index>
Status AddIndexes(const std::optional<std::vector<Index>>& wanted, storage::IndexScope scope,
                  const TableMetadata& source, std::vector<RestoredIndex>& restored) {
  std::vector<IndexDefinitionPtr> left;
  std::copy_if(source.indexes.begin(), source.indexes.end(), std::back_inserter(left),
               [&](const auto& index) { return index->scope == scope; });
  if (!wanted.has_value()) {
    for (const IndexDefinitionPtr& index : left) {
      restored.push_back({std::make_shared<IndexDefinition>(*index), index->name});
    }
    return {};
  }
  for (const Index& index : *wanted) {
    const auto known = std::find_if(left.begin(), left.end(),
                                    [&](const auto& one) { return IsSame(index, *one); });
    if (known == left.end()) {
      return InvalidRequest("Index " + index.index_name +
                            " does not match a secondary index that existed in the source table "
                            "and cannot be created during the restore operation");
    }
    RestoredIndex& added = restored.emplace_back(
        RestoredIndex{std::make_shared<IndexDefinition>(**known), (*known)->name});
    added.definition->name = index.index_name;
    left.erase(known);
  }
  return {};
}

// The description of the restored table, which takes only keys, indexes, capacity and encryption
// from the table that was backed up. SetCapacity adds the capacity. Fills `indexes`.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CreateBackup.html
Result<TableMetadata> Restored(const Context& context, const RestoreTableFromBackupRequest& request,
                               const storage::Backup& backup, std::vector<RestoredIndex>& indexes) {
  TableMetadata table = NewTable(context, request.target_table_name);
  const TableMetadata& source = backup.table();
  table.key_schema = source.key_schema;
  table.attribute_definitions = source.attribute_definitions;
  WEIR_RETURN_IF_ERROR(AddIndexes(request.global_secondary_index_override,
                                  storage::IndexScope::kGlobal, source, indexes));
  WEIR_RETURN_IF_ERROR(AddIndexes(request.local_secondary_index_override,
                                  storage::IndexScope::kLocal, source, indexes));
  for (const RestoredIndex& index : indexes) {
    index.definition->arn = table.arn + "/index/" + index.definition->name;
    table.indexes.push_back(index.definition);
  }
  PruneDefinitions(table);
  table.encryption_key =
      storage::Settling(request.sse_specification_override.has_value()
                            ? KeyOf(*request.sse_specification_override, context.request.region)
                            : source.encryption_key.value());
  table.restore = storage::Restore{backup.arn, source.arn, backup.creation_time, true};
  return table;
}

// The units of one of the indexes: those that the request names, else those that it has in the
// backup. An on-demand backup has no units; then they are `table_units`, the restored table's.
ProvisionedThroughput IndexUnits(const RestoreTableFromBackupRequest& request,
                                 const TableMetadata& source, const RestoredIndex& restored,
                                 const ProvisionedThroughput& table_units) {
  for (const GlobalSecondaryIndex& index :
       request.global_secondary_index_override.value_or(std::vector<GlobalSecondaryIndex>())) {
    if (index.index_name == restored.definition->name && index.provisioned_throughput.has_value()) {
      return *index.provisioned_throughput;
    }
  }
  return source.billing_mode == BillingMode::kProvisioned
             ? UnitsOf(source.index_capacity.find(restored.source_name)->second)
             : table_units;
}

// Gives the table and its indexes their units. Without `units` they are on demand, with the
// on-demand limits that they have in the backup.
void AddCapacity(const RestoreTableFromBackupRequest& request, const TableMetadata& source,
                 const std::vector<RestoredIndex>& indexes,
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
  for (const RestoredIndex& index : indexes) {
    if (!index.definition->global()) {
      continue;
    }
    const auto given = units.has_value() ? std::optional(IndexUnits(request, source, index, *units))
                                         : std::nullopt;
    table.index_capacity[index.definition->name] =
        make(given, source.index_capacity.find(index.source_name)->second);
  }
}

// Checks that the throughput in the request fits the billing mode of the restored table. The texts
// are those of public notes from live AWS, October 2026.
Status CheckThroughput(const RestoreTableFromBackupRequest& request, const TableMetadata& source,
                       const TableMetadata& table) {
  const std::optional<ProvisionedThroughput>& units = request.provisioned_throughput_override;
  const bool provisioned = table.billing_mode == BillingMode::kProvisioned;
  if (units.has_value() && !provisioned) {
    return InvalidRequest(request.billing_mode_override.has_value()
                              ? "Cannot override ProvisionedThroughput if BillingMode is "
                                "overridden to PAY_PER_REQUEST"
                              : "Cannot override ProvisionedThroughput unless BillingMode is "
                                "PROVISIONED");
  }
  if (!units.has_value() && provisioned && source.billing_mode != BillingMode::kProvisioned) {
    return InvalidRequest(
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  }
  for (const GlobalSecondaryIndex& index :
       request.global_secondary_index_override.value_or(std::vector<GlobalSecondaryIndex>())) {
    if (index.provisioned_throughput.has_value() == provisioned) {
      continue;
    }
    return InvalidRequest(provisioned
                              ? "Must specify provisioned throughput for index " + index.index_name
                              : "Cannot override ProvisionedThroughput if BillingMode is "
                                "overridden to PAY_PER_REQUEST for index " +
                                    index.index_name);
  }
  const std::optional<OnDemandThroughput>& limits = request.on_demand_throughput_override;
  if (provisioned && limits.has_value() &&
      (limits->max_read_request_units.has_value() || limits->max_write_request_units.has_value())) {
    return InvalidRequest("Cannot override " +
                          std::string(limits->max_read_request_units.has_value()
                                          ? "MaxReadRequestUnits"
                                          : "MaxWriteRequestUnits") +
                          " for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST");
  }
  return {};
}

Status SetCapacity(const RestoreTableFromBackupRequest& request, const TableMetadata& source,
                   const std::vector<RestoredIndex>& indexes, TableMetadata& table) {
  table.billing_mode = request.billing_mode_override.value_or(source.billing_mode);
  WEIR_RETURN_IF_ERROR(CheckThroughput(request, source, table));
  std::optional<ProvisionedThroughput> units = request.provisioned_throughput_override;
  if (table.billing_mode == BillingMode::kPayPerRequest) {
    table.on_demand_since = table.creation_time;
  } else if (!units.has_value()) {
    units = UnitsOf(source.capacity);
  }
  const std::optional<OnDemandThroughput>& limits = request.on_demand_throughput_override;
  AddCapacity(request, source, indexes, units, table);
  if (limits.has_value()) {
    MergeOnDemand(*limits, table.capacity.on_demand);
  }
  return {};
}

// Fails with BackupInUseException if the backup is being restored already, or with
// LimitExceededException if too many tables are being restored. The tables themselves show which
// restores are running.
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
                     "Subscriber limit exceeded: Only 50 restore operations can be done "
                     "simultaneously");
  }
  return {};
}

}  // namespace

Result<RestoreTableFromBackup::Plan> RestoreTableFromBackup::Validate(const Request& request) {
  if (request.sse_specification_override.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckEncryption(*request.sse_specification_override));
  }
  if (request.on_demand_throughput_override.has_value()) {
    const OnDemandThroughput& limits = *request.on_demand_throughput_override;
    for (const auto& [name, units] :
         {std::pair("MaxReadRequestUnits", limits.max_read_request_units),
          std::pair("MaxWriteRequestUnits", limits.max_write_request_units)}) {
      if (units.has_value() && *units < 1 && *units != -1) {
        return InvalidRequest("Requested " + std::string(name) +
                              " for OnDemandThroughput is outside of valid range");
      }
    }
  }
  return Plan{};
}

Result<RestoreTableFromBackup::Response> RestoreTableFromBackup::Execute(Context& context,
                                                                         const Request& request,
                                                                         const Plan& /*plan*/) {
  Database& database = context.database;
  const Database::Structure structure(database);
  const storage::BackupPtr backup = database.backups().Find(request.backup_arn);
  if (backup == nullptr) {
    return BackupNotFound(request.backup_arn, context.request.region);
  }
  WEIR_RETURN_IF_ERROR(CheckRestores(database, request.backup_arn));
  std::vector<RestoredIndex> indexes;
  WEIR_ASSIGN_OR_RETURN(TableMetadata metadata, Restored(context, request, *backup, indexes));
  WEIR_RETURN_IF_ERROR(SetCapacity(request, backup->table(), indexes, metadata));
  const auto table =
      std::make_shared<storage::Table>(std::move(metadata), database.engine(), database.clock(),
                                       backup->image, database.log_budget());
  Response response{Describe(*table->metadata(), table->statistics(),
                             TableDescriptionKind::kCreated, table->metadata()->creation_time)};
  const auto prepare = [&]() -> Status {
    database.Drive(*table);
    return {};
  };
  if (storage::Outcome<void> added = database.AddTable(table, prepare); !added.ok()) {
    ApiError error = ErrorOf(std::move(added).error());
    if (error.code == ErrorCode::kResourceInUse) {
      error.code = ErrorCode::kTableAlreadyExists;
    }
    return error;
  }
  return response;
}

}  // namespace weir::dynamodb
