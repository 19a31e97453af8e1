// SPDX-License-Identifier: Apache-2.0
#include "operations/update_table.h"

#include <utility>

namespace weir::operations {
namespace {

Status CheckStream(const StreamSpecification& stream) {
  if (stream.stream_enabled && !stream.stream_view_type.has_value()) {
    return InvalidParameter("If stream is being enabled then UpdateViewType is required");
  }
  if (!stream.stream_enabled && stream.stream_view_type.has_value()) {
    return InvalidParameter(
        "If stream is being disabled, then UpdateViewType must not be specified");
  }
  return {};
}

// A call makes one kind of change.
Status CheckCombination(const UpdateTableRequest& request) {
  const bool throughput =
      request.provisioned_throughput.has_value() || request.billing_mode.has_value();
  if (request.stream_specification.has_value()) {
    if (throughput) {
      return ValidationError("You cannot modify stream status while updating table IOPS");
    }
    if (request.global_secondary_index_updates.has_value()) {
      return ValidationError("You cannot create or delete index while changing stream status");
    }
    if (request.deletion_protection_enabled.has_value()) {
      return InvalidParameter(
          "DeletionProtectionEnabled modification must be the only operation in the request");
    }
  }
  if (throughput) {
    return NotSupported(request.billing_mode.has_value() ? "BillingMode" : "ProvisionedThroughput");
  }
  if (request.global_secondary_index_updates.has_value()) {
    if (request.deletion_protection_enabled.has_value()) {
      return InvalidParameter(
          "DeletionProtectionEnabled modification must be the only operation in the request");
    }
    return CheckIndexUpdates(*request.global_secondary_index_updates);
  }
  return {};
}

Status ChangeStream(Database& database, const storage::Table& table,
                    const StreamSpecification& wanted, storage::TableDescription& description) {
  if (wanted.stream_enabled) {
    if (description.stream_view.has_value()) {
      return ValidationError("Table already has an enabled stream: TableName: " + description.name);
    }
    database.EnableStream(description, *wanted.stream_view_type, table.log());
    return {};
  }
  if (!description.stream_view.has_value()) {
    return ValidationError("Table has no stream to disable: TableName: " + description.name);
  }
  database.DisableStream(description);
  description.stream_view.reset();
  return {};
}

Status ChangeIndex(const UpdateTableRequest& request, storage::TableDescription& description) {
  const GlobalSecondaryIndexUpdate& update = request.global_secondary_index_updates->front();
  if (update.remove.has_value()) {
    return RemoveIndex(update.remove->index_name, description);
  }
  return AddIndex(*update.create,
                  request.attribute_definitions.value_or(std::vector<AttributeDefinition>()),
                  description);
}

// The answer still shows an index that is taken away.
void ShowRemoved(const storage::TableDescription& before, const storage::TableDescription& after,
                 TableView& view) {
  const TableView old = Describe(before, {}, TableViewKind::kUpdated);
  for (GlobalIndexView index :
       old.global_secondary_indexes.value_or(std::vector<GlobalIndexView>())) {
    if (FindIndex(after, index.index_name) == nullptr) {
      index.index_status = "DELETING";
      index.backfilling.reset();
      Append(view.global_secondary_indexes, std::move(index));
      view.attribute_definitions = old.attribute_definitions;
    }
  }
}

}  // namespace

Result<UpdateTable::Plan> UpdateTable::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckCombination(request));
  if (request.stream_specification.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStream(*request.stream_specification));
  } else if (!request.deletion_protection_enabled.has_value() &&
             !request.global_secondary_index_updates.has_value()) {
    return ValidationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  return Plan{};
}

Result<UpdateTable::Response> UpdateTable::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        context.database.FindTableForControl(request.table_name));
  storage::TableDescription before;
  const auto change = [&](storage::TableDescription& description) -> Status {
    before = description;
    if (IsRestoring(description)) {
      return InUse("Table is being created: " + description.name);
    }
    if (request.deletion_protection_enabled.has_value()) {
      description.deletion_protection = *request.deletion_protection_enabled;
      return {};
    }
    if (request.global_secondary_index_updates.has_value()) {
      return ChangeIndex(request, description);
    }
    return ChangeStream(context.database, *table, *request.stream_specification, description);
  };
  WEIR_ASSIGN_OR_RETURN(const storage::TableDescriptionPtr description,
                        Database::ForControl(table->Alter(change), request.table_name));
  Response response{Describe(*description, table->statistics(), TableViewKind::kUpdated)};
  ShowRemoved(before, *description, response.table);
  return response;
}

}  // namespace weir::operations
