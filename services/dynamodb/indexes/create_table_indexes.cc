// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/indexes/create_table_indexes.h"

#include <set>
#include <span>
#include <string>
#include <utility>

#include "core/limits.h"
#include "services/dynamodb/tables/table_keys.h"
#include "services/dynamodb/tables/throughput_settings.h"

namespace weir::dynamodb {

std::span<const GlobalSecondaryIndex> GlobalIndexes(const CreateTableRequest& request) {
  return request.global_secondary_indexes.has_value()
             ? std::span<const GlobalSecondaryIndex>(*request.global_secondary_indexes)
             : std::span<const GlobalSecondaryIndex>();
}

namespace {

std::span<const LocalSecondaryIndex> LocalIndexes(const CreateTableRequest& request) {
  return request.local_secondary_indexes.has_value()
             ? std::span<const LocalSecondaryIndex>(*request.local_secondary_indexes)
             : std::span<const LocalSecondaryIndex>();
}

Status CheckDistinctNames(const std::vector<std::string>& non_key_attributes) {
  std::set<std::string_view> seen;
  for (const std::string& name : non_key_attributes) {
    if (!seen.insert(name).second) {
      return InvalidParameter("Duplicate element in NonKeyAttributes: " + name);
    }
  }
  return {};
}

Status CheckProjection(const IndexProjection& projection) {
  if (!projection.projection_type.has_value()) {
    return InvalidParameter("Unknown ProjectionType: null");
  }
  const storage::ProjectionType type = *projection.projection_type;
  const bool includes = type == storage::ProjectionType::kInclude;
  if (includes == projection.non_key_attributes.has_value()) {
    return CheckDistinctNames(projection.non_key_attributes.value_or(std::vector<std::string>()));
  }
  return InvalidParameter("ProjectionType is " + std::string(NameOf(type)) +
                          ", but NonKeyAttributes is " + (includes ? "not " : "") + "specified");
}

storage::IndexDefinition Define(const LocalSecondaryIndex& index, storage::IndexScope scope,
                                IndexKeySchema keys, const KeySchema& table_keys) {
  storage::IndexDefinition definition;
  definition.name = index.index_name;
  definition.scope = scope;
  definition.key_schema = std::move(keys);
  definition.projection_type = *index.projection.projection_type;
  definition.non_key_attributes =
      index.projection.non_key_attributes.value_or(std::vector<std::string>());
  definition.projected = storage::ProjectedAttributes(definition, table_keys);
  return definition;
}

Result<std::vector<storage::IndexDefinition>> LocalDefinitions(const CreateTableRequest& request,
                                                               const KeySchema& table_keys) {
  std::vector<storage::IndexDefinition> definitions;
  if (request.local_secondary_indexes.has_value() && LocalIndexes(request).empty()) {
    return InvalidParameter("List of LocalSecondaryIndexes is empty");
  }
  for (const LocalSecondaryIndex& index : LocalIndexes(request)) {
    WEIR_ASSIGN_OR_RETURN(IndexKeySchema keys,
                          LocalIndexKeys(index, table_keys, request.attribute_definitions));
    WEIR_RETURN_IF_ERROR(CheckProjection(index.projection));
    definitions.push_back(Define(index, storage::IndexScope::kLocal, std::move(keys), table_keys));
  }
  if (definitions.size() > limits::kLocalIndexes) {
    return InvalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  }
  return definitions;
}

Result<std::vector<storage::IndexDefinition>> GlobalDefinitions(const CreateTableRequest& request,
                                                                const KeySchema& table_keys) {
  std::vector<storage::IndexDefinition> definitions;
  if (request.global_secondary_indexes.has_value() && GlobalIndexes(request).empty()) {
    return InvalidParameter("List of GlobalSecondaryIndexes is empty");
  }
  for (const GlobalSecondaryIndex& index : GlobalIndexes(request)) {
    WEIR_ASSIGN_OR_RETURN(storage::IndexDefinition definition,
                          DefineGlobalIndex(index, request.attribute_definitions, table_keys));
    definitions.push_back(std::move(definition));
  }
  WEIR_RETURN_IF_ERROR(CheckIndexCounts(definitions.size(), 0));
  return definitions;
}

Status CheckTogether(std::span<const storage::IndexDefinition> indexes) {
  std::set<std::string_view> names;
  std::size_t projected = 0;
  for (const storage::IndexDefinition& index : indexes) {
    if (!names.insert(index.name).second) {
      return InvalidParameter("Duplicate index name: " + index.name);
    }
    projected += index.non_key_attributes.size();
  }
  return CheckIndexCounts(0, projected);
}

}  // namespace

Result<storage::IndexDefinition> DefineGlobalIndex(const GlobalSecondaryIndex& index,
                                                   AttributeDefinitions definitions,
                                                   const KeySchema& table_keys) {
  WEIR_ASSIGN_OR_RETURN(IndexKeySchema keys, GlobalIndexKeys(index.key_schema, definitions));
  WEIR_RETURN_IF_ERROR(CheckProjection(index.projection));
  return Define(index, storage::IndexScope::kGlobal, std::move(keys), table_keys);
}

Status CheckIndexCounts(std::size_t global, std::size_t projected) {
  if (global > limits::kGlobalIndexes) {
    return InvalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  }
  if (projected > limits::kProjectedAttributes) {
    return InvalidParameter(
        "Number of NonKeyAttributes projected into all indexes exceeds the per-table limit of 100");
  }
  return {};
}

Status CheckIndexBilling(std::span<const GlobalSecondaryIndex> indexes,
                         storage::BillingMode billing_mode) {
  const bool on_demand = billing_mode == storage::BillingMode::kPayPerRequest;
  std::string names;
  for (const GlobalSecondaryIndex& index : indexes) {
    if (index.provisioned_throughput.has_value() == on_demand) {
      names += (names.empty() ? "" : ",") + index.index_name;
    }
  }
  if (names.empty()) {
    return {};
  }
  return InvalidParameter(on_demand ? "ProvisionedThroughput should not be specified for index: " +
                                          names + " when BillingMode is PAY_PER_REQUEST"
                                    : "ProvisionedThroughput is not specified for index: " + names);
}

Status CheckIndexThroughput(std::span<const GlobalSecondaryIndex> indexes,
                            storage::BillingMode billing_mode) {
  for (const GlobalSecondaryIndex& index : indexes) {
    const std::string& name = index.index_name;
    storage::Throughput provisioned;
    if (index.provisioned_throughput.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckBounds(*index.provisioned_throughput, " for index " + name));
      provisioned = {index.provisioned_throughput->read_capacity_units,
                     index.provisioned_throughput->write_capacity_units};
    }
    if (index.on_demand_throughput.has_value()) {
      if (billing_mode == storage::BillingMode::kProvisioned) {
        WEIR_RETURN_IF_ERROR(
            CheckNoOnDemand(*index.on_demand_throughput, name, ThroughputRequest::kCreation));
      }
      WEIR_RETURN_IF_ERROR(
          CheckOnDemandRange(*index.on_demand_throughput, name, ThroughputRequest::kCreation));
    }
    if (index.warm_throughput.has_value()) {
      WEIR_RETURN_IF_ERROR(
          CheckWarmAtCreation(*index.warm_throughput, name, billing_mode, provisioned));
    }
  }
  return {};
}

void AddCapacity(const GlobalSecondaryIndex& index, Micros now, Micros due,
                 storage::TableMetadata& table) {
  const ThroughputMembers members{index.provisioned_throughput, index.on_demand_throughput,
                                  index.warm_throughput};
  table.index_capacity.insert_or_assign(index.index_name,
                                        NewCapacity(table.billing_mode, members, now, due));
}

Status CheckIndexDefinitions(const CreateTableRequest& request) {
  std::vector<KeySchemaElement> used;
  std::set<std::string_view> names;
  const auto use = [&](std::span<const KeySchemaElement> elements) {
    for (const KeySchemaElement& element : elements) {
      if (names.insert(element.attribute_name).second) {
        used.push_back(element);
      }
    }
    return CheckDefined(elements, request.attribute_definitions);
  };
  WEIR_RETURN_IF_ERROR(use(request.key_schema));
  for (const LocalSecondaryIndex& index : LocalIndexes(request)) {
    WEIR_RETURN_IF_ERROR(use(index.key_schema));
  }
  for (const GlobalSecondaryIndex& index : GlobalIndexes(request)) {
    WEIR_RETURN_IF_ERROR(use(index.key_schema));
  }
  if (used.size() == request.attribute_definitions.size()) {
    return {};
  }
  if (LocalIndexes(request).empty() && GlobalIndexes(request).empty()) {
    return InvalidParameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return InvalidParameter("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                          NameList(request.attribute_definitions) +
                          ", keys used: " + HashOrderedNameList(used));
}

Result<std::vector<storage::IndexDefinition>> IndexesOf(const CreateTableRequest& request,
                                                        const KeySchema& table_keys) {
  WEIR_ASSIGN_OR_RETURN(std::vector<storage::IndexDefinition> local,
                        LocalDefinitions(request, table_keys));
  WEIR_ASSIGN_OR_RETURN(std::vector<storage::IndexDefinition> indexes,
                        GlobalDefinitions(request, table_keys));
  indexes.insert(indexes.end(), std::make_move_iterator(local.begin()),
                 std::make_move_iterator(local.end()));
  WEIR_RETURN_IF_ERROR(CheckTogether(indexes));
  return indexes;
}

}  // namespace weir::dynamodb
