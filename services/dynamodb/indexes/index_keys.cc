// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/indexes/index_keys.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

std::string EmptyValueText(const KeyAttribute& attribute) {
  return std::string("The AttributeValue for a key attribute cannot contain an empty ") +
         (attribute.type == ValueType::kBinary ? "binary" : "string") + " value.";
}

std::size_t MaxSize(const storage::IndexDefinition& index, const KeyAttribute& attribute) {
  for (const KeyAttribute& sort : index.key_schema.sort) {
    if (sort.name == attribute.name) {
      return limits::kSortKeySize;
    }
  }
  return limits::kPartitionKeySize;
}

// Calls `check(index, attribute)` for all attributes of all index keys, until it fails.
template <class Check>
Status ForEachIndexKey(const storage::TableMetadata& table, const Check& check) {
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    for (const auto* part : {&index->key_schema.partition, &index->key_schema.sort}) {
      for (const KeyAttribute& attribute : *part) {
        WEIR_RETURN_IF_ERROR(check(*index, attribute));
      }
    }
  }
  return {};
}

bool Changed(const std::vector<KeyAttribute>& attributes, MapView before, MapView after) {
  return std::any_of(attributes.begin(), attributes.end(), [&](const KeyAttribute& attribute) {
    return before.Find(attribute.name) != after.Find(attribute.name);
  });
}

// The attributes of one part of a key may together take as many bytes as a single one may.
Status CheckAggregate(const storage::IndexDefinition& index, bool partition, MapView item) {
  const auto& attributes = partition ? index.key_schema.partition : index.key_schema.sort;
  const std::size_t limit = partition ? limits::kPartitionKeySize : limits::kSortKeySize;
  const std::size_t size = IndexKeySize(attributes, item);
  if (size <= limit) {
    return {};
  }
  std::string names;
  for (const KeyAttribute& attribute : attributes) {
    if (item.Find(attribute.name).has_value()) {
      names.append(names.empty() ? "" : ", ").append(attribute.name);
    }
  }
  return ValidationError("Aggregate size for " + std::string(partition ? "HASH" : "RANGE") +
                         " key attributes " + names + " of index " + index.name +
                         " has exceeded limit " + std::to_string(limit) +
                         " bytes, with actual size " + std::to_string(size) + " bytes");
}

// Checks the key parts with several attributes whose values differ between `before` and `after`.
Status CheckAggregates(const storage::TableMetadata& table, MapView before, MapView after) {
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    for (const bool partition : {true, false}) {
      const auto& attributes = partition ? index->key_schema.partition : index->key_schema.sort;
      if (attributes.size() > 1 && Changed(attributes, before, after)) {
        WEIR_RETURN_IF_ERROR(CheckAggregate(*index, partition, after));
      }
    }
  }
  return {};
}

// `literal` says that the value stands in the request. Of a computed value the service knows the
// type only once it has been computed; then the text does not name the index.
ApiError UpdatedKeyError(const storage::IndexDefinition& index, const KeyAttribute& attribute,
                         Value value, IndexKeyFault fault, bool literal) {
  if (fault == IndexKeyFault::kEmpty) {
    return ValidationError(
        "One or more parameter values are not valid. The update expression attempted to update a "
        "secondary index key to a value that is not supported. " +
        EmptyValueText(attribute));
  }
  if (fault == IndexKeyFault::kType && !literal) {
    return ValidationError(
        "The update expression attempted to update the secondary index key to unsupported type");
  }
  return IndexKeyError(index, attribute, value, fault);
}

bool IsEmptyKey(const KeyAttribute& attribute, const std::optional<Value>& value) {
  return value.has_value() && value->type() == attribute.type && value->bytes().empty();
}

}  // namespace

ApiError IndexKeyError(const storage::IndexDefinition& index, const KeyAttribute& attribute,
                       Value value, IndexKeyFault fault) {
  if (fault == IndexKeyFault::kType) {
    std::string message = "Type mismatch for Index Key " + attribute.name;
    message.append(" Expected: ").append(TypeName(attribute.type));
    message.append(" Actual: ").append(TypeName(value.type()));
    return InvalidParameter(message.append(" IndexName: ").append(index.name));
  }
  if (fault == IndexKeyFault::kEmpty) {
    return ValidationError(
        "One or more parameter values are not valid. A value specified for a secondary index key "
        "is not supported. " +
        EmptyValueText(attribute) + " IndexName: " + index.name + ", IndexKey: " + attribute.name);
  }
  return InvalidParameter("Size limit exceeded for Index Key " + attribute.name +
                          " Actual Size: " + std::to_string(value.bytes().size()) + " bytes" +
                          " Max Size: " + std::to_string(MaxSize(index, attribute)) + " bytes" +
                          " IndexName: " + index.name);
}

Status CheckIndexKeysOfPut(const storage::TableMetadata& table, MapView item) {
  WEIR_RETURN_IF_ERROR(
      ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
        const std::optional<Value> value = item.Find(attribute.name);
        if (!value.has_value()) {
          return {};
        }
        const IndexKeyFault fault =
            CheckIndexKeyValue(attribute, MaxSize(index, attribute), *value);
        if (fault == IndexKeyFault::kNone) {
          return {};
        }
        return IndexKeyError(index, attribute, *value, fault);
      }));
  return CheckAggregates(table, {}, item);
}

Status CheckIndexKeysNotEmptyInPut(const storage::TableMetadata& table, MapView item) {
  return ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
    const std::optional<Value> value = item.Find(attribute.name);
    return IsEmptyKey(attribute, value)
               ? Status(IndexKeyError(index, attribute, *value, IndexKeyFault::kEmpty))
               : Status();
  });
}

Status CheckIndexKeysNotEmptyInUpdate(const storage::TableMetadata& table,
                                      const expression::Update& update) {
  return ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
    const std::optional<Value> value = update.LiteralOf(attribute.name);
    return IsEmptyKey(attribute, value)
               ? Status(UpdatedKeyError(index, attribute, *value, IndexKeyFault::kEmpty, true))
               : Status();
  });
}

Status CheckIndexKeysOfUpdate(const storage::TableMetadata& table, const Item& before,
                              const Item& after, const expression::Update* update) {
  const MapView old_attributes = before.attributes();
  const MapView attributes = after.attributes();
  WEIR_RETURN_IF_ERROR(
      ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
        const std::optional<Value> value = attributes.Find(attribute.name);
        if (!value.has_value() || value == old_attributes.Find(attribute.name)) {
          return {};
        }
        const IndexKeyFault fault =
            CheckIndexKeyValue(attribute, MaxSize(index, attribute), *value);
        if (fault == IndexKeyFault::kNone) {
          return {};
        }
        const bool literal = update == nullptr || update->LiteralOf(attribute.name).has_value();
        return UpdatedKeyError(index, attribute, *value, fault, literal);
      }));
  return CheckAggregates(table, old_attributes, attributes);
}

}  // namespace weir::dynamodb
