// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/create_table.h"

#include <utility>

#include "core/uuid.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/indexes/create_table_indexes.h"
#include "services/dynamodb/settings/resource_policies.h"
#include "services/dynamodb/tables/table_keys.h"
#include "services/dynamodb/tables/table_state.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {
namespace {

Status CheckBilling(const CreateTableRequest& request) {
  const std::optional<ProvisionedThroughput>& throughput = request.provisioned_throughput;
  if (request.mode() == storage::BillingMode::kPayPerRequest) {
    if (throughput.has_value()) {
      return InvalidParameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
    return {};
  }
  if (!throughput.has_value()) {
    return InvalidParameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  return {};
}

Status CheckThroughput(const CreateTableRequest& request) {
  const auto mode = request.mode().value_or(storage::BillingMode::kProvisioned);
  storage::Throughput provisioned;
  if (request.provisioned_throughput.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckBounds(*request.provisioned_throughput));
    provisioned = {request.provisioned_throughput->read_capacity_units,
                   request.provisioned_throughput->write_capacity_units};
  }
  if (request.on_demand_throughput.has_value()) {
    if (mode == storage::BillingMode::kProvisioned) {
      WEIR_RETURN_IF_ERROR(
          CheckNoOnDemand(*request.on_demand_throughput, {}, ThroughputRequest::kCreation));
    }
    WEIR_RETURN_IF_ERROR(
        CheckOnDemandRange(*request.on_demand_throughput, {}, ThroughputRequest::kCreation));
  }
  if (request.warm_throughput.has_value()) {
    return CheckWarmAtCreation(*request.warm_throughput, {}, mode, provisioned);
  }
  return {};
}

// What users set on a table besides its structure.
Status CheckSettings(const CreateTableRequest& request) {
  if (request.sse_specification.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckEncryption(*request.sse_specification));
  }
  if (request.tags.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckTags(*request.tags));
  }
  if (request.resource_policy.has_value() && request.resource_policy->fault.has_value()) {
    return *request.resource_policy->fault;
  }
  return {};
}

Status CheckDefinitions(const CreateTableRequest& request) {
  WEIR_RETURN_IF_ERROR(CheckDistinct(request.attribute_definitions));
  if (request.attribute_definitions.size() < request.key_schema.size()) {
    return ValidationError("Invalid KeySchema: Some index key attribute have no definition");
  }
  return CheckDefined(request.key_schema, request.attribute_definitions);
}

Status CheckStream(const std::optional<StreamSpecification>& stream) {
  if (!stream.has_value()) {
    return {};
  }
  if (stream->stream_enabled && !stream->stream_view_type.has_value()) {
    return InvalidParameter(
        "Table is being created with a stream enabled, UpdateViewType is required");
  }
  if (!stream->stream_enabled && stream->stream_view_type.has_value()) {
    return InvalidParameter(
        "Table is being created with a stream disabled, UpdateViewType should not be specified");
  }
  return {};
}

void AddIndexes(const CreateTableRequest& request, const CreateTable::Plan& plan,
                storage::TableMetadata& table) {
  for (storage::IndexDefinition index : plan.indexes) {
    index.arn = table.arn + "/index/" + index.name;
    table.indexes.push_back(std::make_shared<const storage::IndexDefinition>(std::move(index)));
  }
  for (const GlobalSecondaryIndex& index : GlobalIndexes(request)) {
    AddCapacity(index, table.creation_time, table.change_due, table);
  }
}

void AddSettings(const CreateTableRequest& request, std::string_view region,
                 storage::TableMetadata& table) {
  if (request.table_class.has_value()) {
    table.table_class = storage::Settling(request.table_class);
  }
  if (request.sse_specification.has_value()) {
    table.encryption_key = storage::Settling(KeyOf(*request.sse_specification, region));
  }
  table.deletion_protection = request.deletion_protection_enabled.value_or(false);
  storage::ResourceSettings& settings = table.settings.resources[""];
  for (const Tag& tag : request.tags.value_or(std::vector<Tag>())) {
    settings.tags.insert_or_assign(*tag.key, *tag.value);
  }
  if (request.resource_policy.has_value()) {
    settings.last_revision = NewRevisionId(table.creation_time);
    settings.policy = {request.resource_policy->text, settings.last_revision};
  }
}

storage::TableMetadata NewDescription(const Context& context, const CreateTableRequest& request,
                                      const CreateTable::Plan& plan) {
  storage::TableMetadata table = NewTable(context, request.table_name);
  table.key_schema = plan.keys;
  for (const AttributeDefinition& definition : request.attribute_definitions) {
    table.attribute_definitions.push_back({definition.attribute_name, definition.attribute_type});
  }
  table.billing_mode = request.mode().value_or(storage::BillingMode::kProvisioned);
  if (table.billing_mode == storage::BillingMode::kPayPerRequest) {
    table.on_demand_since = table.creation_time;
  }
  table.capacity = NewCapacity(
      table.billing_mode,
      {request.provisioned_throughput, request.on_demand_throughput, request.warm_throughput},
      table.creation_time, table.change_due);
  AddIndexes(request, plan, table);
  AddSettings(request, context.request.region, table);
  return table;
}

// The error for a table that could not be added. If its name is taken, the text depends on the
// state of the table that has the name.
ApiError NotAdded(Database& database, const std::string& name, storage::Fault fault) {
  const storage::TablePtr other = database.tables().Find(name);
  if (fault.kind == storage::Fault::Kind::kTableNameTaken && other != nullptr &&
      StatusAt(*other->metadata(), database.clock().Now()) == TableStatus::kCreating) {
    return InUse("Table is being created: " + name);
  }
  return ErrorOf(std::move(fault));
}

}  // namespace

storage::TableMetadata NewTable(const Context& context, std::string_view name_or_arn) {
  storage::TableMetadata table;
  table.name = TableNameOf(name_or_arn);
  table.id = NewUuid();
  table.arn = TableArn(context.request.region, table.name);
  table.creation_time = context.database.clock().Now();
  Begin(table, storage::TableChange::kCreation, table.creation_time,
        context.database.options().transition_times.creation);
  return table;
}

Result<CreateTable::Plan> CreateTable::Validate(const Request& request) {
  const auto mode = request.mode().value_or(storage::BillingMode::kProvisioned);
  WEIR_RETURN_IF_ERROR(CheckBilling(request));
  WEIR_RETURN_IF_ERROR(CheckIndexBilling(GlobalIndexes(request), mode));
  WEIR_RETURN_IF_ERROR(CheckThroughput(request));
  WEIR_RETURN_IF_ERROR(CheckIndexThroughput(GlobalIndexes(request), mode));
  WEIR_RETURN_IF_ERROR(CheckStream(request.stream_specification));
  WEIR_RETURN_IF_ERROR(CheckSettings(request));
  WEIR_RETURN_IF_ERROR(CheckDefinitions(request));
  Plan plan;
  WEIR_ASSIGN_OR_RETURN(plan.keys, TableKeys(request.key_schema, request.attribute_definitions));
  WEIR_RETURN_IF_ERROR(CheckIndexDefinitions(request));
  WEIR_ASSIGN_OR_RETURN(plan.indexes, IndexesOf(request, plan.keys));
  return plan;
}

Result<CreateTable::Response> CreateTable::Execute(Context& context, const Request& request,
                                                   const Plan& plan) {
  Database& database = context.database;
  const auto table =
      std::make_shared<storage::Table>(NewDescription(context, request, plan), database.engine(),
                                       database.clock(), database.log_budget());
  const auto enable_stream = [&](storage::TableMetadata& metadata) -> Status {
    if (request.stream_specification.has_value() && request.stream_specification->stream_enabled) {
      database.EnableStream(metadata, *request.stream_specification->stream_view_type,
                            table->log());
    }
    return {};
  };
  const Database::Structure structure(database);
  storage::TableMetadataPtr metadata;
  const auto prepare = [&]() -> Status {
    WEIR_ASSIGN_OR_RETURN(metadata, Worded(table->Alter(enable_stream)));
    database.Drive(*table);
    return {};
  };
  if (storage::Outcome<void> added = database.AddTable(table, prepare); !added.ok()) {
    return NotAdded(database, table->metadata()->name, std::move(added).error());
  }
  return Response{Describe(*metadata, {}, TableDescriptionKind::kCreated, metadata->creation_time)};
}

}  // namespace weir::dynamodb
