// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/indexes/online_indexes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "services/dynamodb/indexes/create_table_indexes.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

using storage::TableMetadata;

std::string SchemaElement(std::string_view name, ValueType type) {
  return "SchemaElement: key{" + std::string(name) + ":" + std::string(TypeName(type)) + ":HASH}";
}

// ValidationException if an attribute is given another type than it is defined with.
Status CheckRedefinition(AttributeDefinitions wanted, const TableMetadata& table) {
  for (const AttributeDefinition& definition : wanted) {
    for (const KeyAttribute& known : table.attribute_definitions) {
      if (known.name == definition.attribute_name && known.type != definition.attribute_type) {
        return InvalidParameter(
            "Attributes cannot be redefined. Please check that your attribute has the same type "
            "as previously defined. Existing schema: Schema:[" +
            SchemaElement(known.name, known.type) + "] New schema: Schema:[" +
            SchemaElement(known.name, definition.attribute_type) + "]");
      }
    }
  }
  return {};
}

Status CheckDefinitions(const GlobalSecondaryIndex& index, AttributeDefinitions definitions) {
  if (definitions.empty()) {
    return InvalidParameter("AttributeDefinitions is not specified for index: " + index.index_name);
  }
  WEIR_RETURN_IF_ERROR(CheckDistinct(definitions));
  if (definitions.size() < index.key_schema.size()) {
    return ValidationError("Invalid KeySchema: Some index key attribute have no definition");
  }
  return CheckDefined(index.key_schema, definitions);
}

Status CheckRoom(const storage::IndexDefinition& index, const TableMetadata& table) {
  std::size_t global = 1;
  std::size_t projected = index.non_key_attributes.size();
  for (const storage::IndexDefinitionPtr& other : table.indexes) {
    global += other->global() ? 1 : 0;
    projected += other->non_key_attributes.size();
  }
  if (global > limits::kGlobalIndexes) {
    return MakeError(ErrorCode::kLimitExceeded,
                     "Subscriber limit exceeded: Number of global secondary indexes exceeds "
                     "per-table limit of 20");
  }
  return CheckIndexCounts(0, projected);
}

Status CheckIdle(const TableMetadata& table, Micros now) {
  return ChangesIndexes(table, now) ? Status(OneOnlineIndex()) : Status();
}

void Define(const KeyAttribute& attribute, TableMetadata& table) {
  const auto known =
      std::find_if(table.attribute_definitions.begin(), table.attribute_definitions.end(),
                   [&](const KeyAttribute& other) { return other.name == attribute.name; });
  if (known == table.attribute_definitions.end()) {
    table.attribute_definitions.push_back(attribute);
  }
}

}  // namespace

ApiError OneOnlineIndex() {
  return MakeError(ErrorCode::kLimitExceeded,
                   "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                   "simultaneously per table");
}

Status AddIndex(const GlobalSecondaryIndex& wanted, AttributeDefinitions definitions, Micros now,
                TableMetadata& table) {
  if (FindIndex(table, wanted.index_name) != nullptr) {
    return ValidationError("Attempting to create an index which already exists");
  }
  WEIR_RETURN_IF_ERROR(CheckIdle(table, now));
  if (table.billing_mode == storage::BillingMode::kProvisioned &&
      !wanted.provisioned_throughput.has_value()) {
    return InvalidParameter(
        "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " +
        wanted.index_name);
  }
  WEIR_RETURN_IF_ERROR(CheckIndexBilling({&wanted, 1}, table.billing_mode));
  WEIR_RETURN_IF_ERROR(CheckIndexThroughput({&wanted, 1}, table.billing_mode));
  WEIR_RETURN_IF_ERROR(CheckDefinitions(wanted, definitions));
  WEIR_RETURN_IF_ERROR(CheckRedefinition(definitions, table));
  WEIR_ASSIGN_OR_RETURN(storage::IndexDefinition index,
                        DefineGlobalIndex(wanted, definitions, table.key_schema));
  WEIR_RETURN_IF_ERROR(CheckRoom(index, table));
  index.arn = table.arn + "/index/" + index.name;
  for (const auto* part : {&index.key_schema.partition, &index.key_schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      Define(attribute, table);
    }
  }
  const auto first_local = std::find_if(table.indexes.begin(), table.indexes.end(),
                                        [](const auto& other) { return !other->global(); });
  table.indexes.insert(first_local,
                       std::make_shared<const storage::IndexDefinition>(std::move(index)));
  AddCapacity(wanted, now, now, table);
  return {};
}

Status RemoveIndex(std::string_view name, Micros now, TableMetadata& table) {
  const storage::IndexDefinitionPtr index = FindIndex(table, name);
  if (index != nullptr && !index->global()) {
    return ValidationError("Cannot delete an index that is not a GlobalSecondaryIndex: " +
                           index->name);
  }
  if (index == nullptr) {
    return MakeError(
        ErrorCode::kResourceNotFound,
        "Requested resource not found: Index " + std::string(name) + " for table " + table.name);
  }
  // An index that is being filled may be deleted, but not one whose resources are being allocated:
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GlobalSecondaryIndexDescription.html
  if (!IsBeingAdded(table, name, now)) {
    WEIR_RETURN_IF_ERROR(CheckIdle(table, now));
  } else if (table.online_index.has_value() && now < table.online_index->placed) {
    return InUse(
        "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
        "or "
        "when the index is active. Table: " +
        table.name + " Index: " + index->name);
  }
  table.indexes.erase(std::find(table.indexes.begin(), table.indexes.end(), index));
  table.index_capacity.erase(index->name);
  table.settings.insights.erase(index->name);
  PruneDefinitions(table);
  return {};
}

void PruneDefinitions(TableMetadata& table) {
  const auto unused = [&](const KeyAttribute& attribute) {
    return !table.key_schema.Contains(attribute.name) &&
           std::none_of(table.indexes.begin(), table.indexes.end(), [&](const auto& index) {
             return index->key_schema.Contains(attribute.name);
           });
  };
  table.attribute_definitions.erase(std::remove_if(table.attribute_definitions.begin(),
                                                   table.attribute_definitions.end(), unused),
                                    table.attribute_definitions.end());
}

}  // namespace weir::dynamodb
