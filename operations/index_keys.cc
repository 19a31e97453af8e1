// SPDX-License-Identifier: Apache-2.0
#include "operations/index_keys.h"

#include <optional>
#include <string>

#include "core/limits.h"

namespace weir::operations {
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
Status ForEachIndexKey(const storage::TableDescription& table, const Check& check) {
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    for (const auto* part : {&index->key_schema.partition, &index->key_schema.sort}) {
      for (const KeyAttribute& attribute : *part) {
        WEIR_RETURN_IF_ERROR(check(*index, attribute));
      }
    }
  }
  return {};
}

// A value that the update computed is not named in the text, as its type shows only then.
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

Status CheckIndexKeysOfPut(const storage::TableDescription& table, MapView item) {
  return ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
    const std::optional<Value> value = item.Find(attribute.name);
    if (!value.has_value()) {
      return {};
    }
    const IndexKeyFault fault = CheckIndexKeyValue(attribute, MaxSize(index, attribute), *value);
    if (fault == IndexKeyFault::kNone) {
      return {};
    }
    return IndexKeyError(index, attribute, *value, fault);
  });
}

Status CheckIndexKeysOfUpdate(const storage::TableDescription& table, const Item& before,
                              const Item& after, const expression::Update* update) {
  return ForEachIndexKey(table, [&](const auto& index, const auto& attribute) -> Status {
    const std::optional<Value> value = after.attributes().Find(attribute.name);
    if (!value.has_value() || value == before.attributes().Find(attribute.name)) {
      return {};
    }
    const IndexKeyFault fault = CheckIndexKeyValue(attribute, MaxSize(index, attribute), *value);
    if (fault == IndexKeyFault::kNone) {
      return {};
    }
    const bool literal = update == nullptr || update->WritesLiteral(attribute.name);
    return UpdatedKeyError(index, attribute, *value, fault, literal);
  });
}

std::size_t SizeWithLocalEntries(const storage::TableDescription& table, const Item& item) {
  std::size_t size = item.aws_size();
  for (const storage::IndexDefinitionPtr& index : table.indexes) {
    if (!index->global() && IndexEntryKey(index->key_schema, item.attributes(), {}).has_value()) {
      size += index->view.AwsSizeOf(item);
    }
  }
  return size;
}

}  // namespace weir::operations
