// SPDX-License-Identifier: Apache-2.0
#include "operations/create_table.h"

#include <random>
#include <utility>

#include "core/limits.h"
#include "operations/create_table_indexes.h"
#include "operations/table_keys.h"

namespace weir::operations {
namespace {

Status CheckBilling(const CreateTableRequest& request) {
  const std::optional<ProvisionedThroughput>& throughput = request.provisioned_throughput;
  if (request.billing_mode == storage::BillingMode::kPayPerRequest) {
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

Status CheckTableBounds(const std::optional<ProvisionedThroughput>& throughput) {
  if (!throughput.has_value()) {
    return {};
  }
  WEIR_RETURN_IF_ERROR(CheckBounds(throughput->read_capacity_units, "ReadCapacityUnits"));
  return CheckBounds(throughput->write_capacity_units, "WriteCapacityUnits");
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

// A random (version 4) UUID.
std::string NewTableId() {
  std::random_device device;
  std::string id = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  for (char& c : id) {
    const unsigned digit = device() & 0xFU;
    if (c == 'x' || c == 'y') {
      c = "0123456789abcdef"[c == 'x' ? digit : (digit & 0x3U) | 0x8U];
    }
  }
  return id;
}

storage::TableDescription NewDescription(const Context& context, const CreateTableRequest& request,
                                         const CreateTable::Plan& plan) {
  storage::TableDescription table = NewTable(context, request.table_name);
  table.key_schema = plan.keys;
  for (storage::IndexDefinition index : plan.indexes) {
    index.arn = table.arn + "/index/" + index.name;
    table.indexes.push_back(std::make_shared<const storage::IndexDefinition>(std::move(index)));
  }
  for (const AttributeDefinition& definition : request.attribute_definitions) {
    table.attribute_definitions.push_back({definition.attribute_name, definition.attribute_type});
  }
  table.billing_mode = request.billing_mode.value_or(storage::BillingMode::kProvisioned);
  if (request.provisioned_throughput.has_value()) {
    table.throughput = {request.provisioned_throughput->read_capacity_units,
                        request.provisioned_throughput->write_capacity_units};
  }
  table.table_class = request.table_class.value_or(storage::TableClass::kStandard);
  table.table_class_given = request.table_class.has_value();
  table.deletion_protection = request.deletion_protection_enabled.value_or(false);
  return table;
}

}  // namespace

storage::TableDescription NewTable(const Context& context, std::string_view name_or_arn) {
  storage::TableDescription table;
  table.name = TableNameOf(name_or_arn);
  table.id = NewTableId();
  table.arn = TableArn(context.region, table.name);
  table.creation_time = context.database.clock().Now();
  return table;
}

Status CheckBounds(std::int64_t units, std::string_view name, std::string_view place) {
  if (units > limits::kMaxProvisionedUnits) {
    return ValidationError("Given value " + std::to_string(units) + " for " + std::string(name) +
                           " is out of bounds" + std::string(place));
  }
  return {};
}

Result<CreateTable::Plan> CreateTable::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckBilling(request));
  WEIR_RETURN_IF_ERROR(CheckIndexBilling(
      GlobalIndexes(request), request.billing_mode.value_or(storage::BillingMode::kProvisioned)));
  WEIR_RETURN_IF_ERROR(CheckTableBounds(request.provisioned_throughput));
  WEIR_RETURN_IF_ERROR(CheckIndexBounds(GlobalIndexes(request)));
  WEIR_RETURN_IF_ERROR(CheckStream(request.stream_specification));
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
  const auto table = std::make_shared<storage::Table>(NewDescription(context, request, plan),
                                                      database.engine(), database.clock());
  const auto enable_stream = [&](storage::TableDescription& description) -> Status {
    if (request.stream_specification.has_value() && request.stream_specification->stream_enabled) {
      database.EnableStream(description, *request.stream_specification->stream_view_type,
                            table->log());
    }
    return {};
  };
  storage::TableDescriptionPtr description;
  const auto prepare = [&]() -> Status {
    WEIR_ASSIGN_OR_RETURN(description, table->Alter(enable_stream));
    database.Drive(*table);
    return {};
  };
  WEIR_RETURN_IF_ERROR(database.tables().Add(table, prepare));
  return Response{Describe(*description, {}, TableViewKind::kCreated)};
}

}  // namespace weir::operations
