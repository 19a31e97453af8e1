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
    return NotSupported("GlobalSecondaryIndexUpdates");
  }
  if (request.attribute_definitions.has_value()) {
    return NotSupported("AttributeDefinitions");
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

}  // namespace

Result<UpdateTable::Plan> UpdateTable::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckCombination(request));
  if (request.stream_specification.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckStream(*request.stream_specification));
  } else if (!request.deletion_protection_enabled.has_value()) {
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
  const auto change = [&](storage::TableDescription& description) -> Status {
    if (request.deletion_protection_enabled.has_value()) {
      description.deletion_protection = *request.deletion_protection_enabled;
      return {};
    }
    return ChangeStream(context.database, *table, *request.stream_specification, description);
  };
  WEIR_ASSIGN_OR_RETURN(const storage::TableDescriptionPtr description,
                        Database::ForControl(table->Alter(change), request.table_name));
  return Response{Describe(*description, table->statistics(), TableViewKind::kUpdated)};
}

}  // namespace weir::operations
