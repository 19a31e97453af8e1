// SPDX-License-Identifier: Apache-2.0
#include "operations/create_table.h"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

#include "core/limits.h"

namespace weir::operations {
namespace {

Status CheckBounds(std::int64_t units, std::string_view name) {
  if (units > limits::kMaxProvisionedUnits) {
    return ValidationError("Given value " + std::to_string(units) + " for " + std::string(name) +
                           " is out of bounds");
  }
  return {};
}

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
  WEIR_RETURN_IF_ERROR(CheckBounds(throughput->read_capacity_units, "ReadCapacityUnits"));
  return CheckBounds(throughput->write_capacity_units, "WriteCapacityUnits");
}

// "[a, b]"
template <class List>
std::string NameList(const List& elements) {
  std::string text = "[";
  for (const auto& element : elements) {
    text += (text.size() > 1 ? ", " : "") + element.attribute_name;
  }
  return text + "]";
}

const AttributeDefinition* FindDefinition(const CreateTableRequest& request,
                                          std::string_view name) {
  const auto found = std::find_if(
      request.attribute_definitions.begin(), request.attribute_definitions.end(),
      [&](const AttributeDefinition& definition) { return definition.attribute_name == name; });
  return found == request.attribute_definitions.end() ? nullptr : &*found;
}

// A name that is defined twice; null when there is none.
const std::string* FindDuplicate(const std::vector<AttributeDefinition>& definitions) {
  std::set<std::string_view> seen;
  for (const AttributeDefinition& definition : definitions) {
    if (!seen.insert(definition.attribute_name).second) {
      return &definition.attribute_name;
    }
  }
  return nullptr;
}

Status CheckDefinitions(const CreateTableRequest& request) {
  const auto& definitions = request.attribute_definitions;
  if (const std::string* duplicate = FindDuplicate(definitions)) {
    return InvalidParameter("Duplicate AttributeName in AttributeDefinitions: " + *duplicate);
  }
  if (definitions.size() < request.key_schema.size()) {
    return ValidationError("Invalid KeySchema: Some index key attribute have no definition");
  }
  for (const KeySchemaElement& element : request.key_schema) {
    if (FindDefinition(request, element.attribute_name) == nullptr) {
      return InvalidParameter(
          "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
          NameList(request.key_schema) + ", AttributeDefinitions: " + NameList(definitions));
    }
  }
  return {};
}

Result<KeySchema> SchemaOf(const CreateTableRequest& request) {
  const std::vector<KeySchemaElement>& elements = request.key_schema;
  if (elements.size() > 1 && elements[0].attribute_name == elements[1].attribute_name) {
    return ValidationError(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (elements[0].key_type != KeyType::kHash) {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (elements.size() > 1 && elements[1].key_type != KeyType::kRange) {
    return ValidationError(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  const auto attribute = [&](const KeySchemaElement& element) -> KeyAttribute {
    return {element.attribute_name,
            FindDefinition(request, element.attribute_name)->attribute_type};
  };
  KeySchema schema{attribute(elements[0]), std::nullopt};
  if (elements.size() > 1) {
    schema.sort = attribute(elements[1]);
  }
  return schema;
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
                                         const KeySchema& schema) {
  storage::TableDescription table;
  table.name = TableNameOf(request.table_name);
  table.id = NewTableId();
  table.arn = TableArn(context.region, table.name);
  table.creation_time = context.database.clock().Now();
  table.key_schema = schema;
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

Result<CreateTable::Plan> CreateTable::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(CheckBilling(request));
  WEIR_RETURN_IF_ERROR(CheckStream(request.stream_specification));
  WEIR_RETURN_IF_ERROR(CheckDefinitions(request));
  WEIR_ASSIGN_OR_RETURN(KeySchema schema, SchemaOf(request));
  if (request.attribute_definitions.size() != schema.size()) {
    return InvalidParameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return schema;
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
    return {};
  };
  WEIR_RETURN_IF_ERROR(database.tables().Add(table, prepare));
  return Response{Describe(*description, {}, TableViewKind::kCreated)};
}

}  // namespace weir::operations
