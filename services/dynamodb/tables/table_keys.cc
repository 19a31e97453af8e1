// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/table_keys.h"

#include <algorithm>
#include <set>

#include "core/limits.h"
#include "core/result.h"

namespace weir::dynamodb {
namespace {

template <class List>
std::string NamesOf(const List& elements) {
  std::string text = "[";
  for (const auto& element : elements) {
    text += (text.size() > 1 ? ", " : "") + element.attribute_name;
  }
  return text + "]";
}

const AttributeDefinition* FindDefinition(AttributeDefinitions definitions, std::string_view name) {
  const auto found = std::find_if(
      definitions.begin(), definitions.end(),
      [&](const AttributeDefinition& definition) { return definition.attribute_name == name; });
  return found == definitions.end() ? nullptr : &*found;
}

KeyAttribute AttributeOf(const KeySchemaElement& element, AttributeDefinitions definitions) {
  return {element.attribute_name,
          FindDefinition(definitions, element.attribute_name)->attribute_type};
}

// The rules of a key with one or two attributes.
Status CheckSimpleKey(std::span<const KeySchemaElement> elements) {
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
  return {};
}

ApiError SeveralOfOneName() {
  return ValidationError("The KeySchema contains multiple key attributes with the same name");
}

// The rules of a key with more attributes than a table may have.
Status CheckMultiAttributeKey(std::span<const KeySchemaElement> elements) {
  if (elements[0].key_type != KeyType::kHash) {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  const auto is_hash = [](const KeySchemaElement& element) {
    return element.key_type == KeyType::kHash;
  };
  if (!std::is_partitioned(elements.begin(), elements.end(), is_hash)) {
    return InvalidParameter(
        "All HASH key attributes must precede RANGE key attributes in the KeySchema");
  }
  const auto hashes =
      static_cast<std::size_t>(std::count_if(elements.begin(), elements.end(), is_hash));
  if (hashes > limits::kIndexKeyAttributes) {
    return InvalidParameter(
        "The KeySchema exceeds the maximum allowed number of HASH key attributes");
  }
  if (elements.size() - hashes > limits::kIndexKeyAttributes) {
    return InvalidParameter(
        "The KeySchema exceeds the maximum allowed number of RANGE key attributes");
  }
  std::set<std::string_view> seen;
  for (const KeySchemaElement& element : elements) {
    if (!seen.insert(element.attribute_name).second) {
      return SeveralOfOneName();
    }
  }
  return {};
}

}  // namespace

std::string NameList(std::span<const KeySchemaElement> elements) {
  return NamesOf(elements);
}

std::string HashOrderedNameList(std::span<const KeySchemaElement> elements) {
  // Java's HashSet: 16 buckets, doubled when more than three quarters full; the names in one bucket
  // keep the order in which they came.
  std::size_t buckets = 16;
  while (elements.size() * 4 > buckets * 3) {
    buckets *= 2;
  }
  const auto bucket = [&](const KeySchemaElement& element) {
    std::uint32_t hash = 0;
    for (const char c : element.attribute_name) {  // String.hashCode, for ASCII
      hash = hash * 31 + static_cast<unsigned char>(c);
    }
    return (hash ^ (hash >> 16U)) & (buckets - 1);
  };
  std::vector<KeySchemaElement> sorted(elements.begin(), elements.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto& a, const auto& b) { return bucket(a) < bucket(b); });
  return NameList(sorted);
}

std::string NameList(AttributeDefinitions definitions) {
  return NamesOf(definitions);
}

Status CheckDistinct(AttributeDefinitions definitions) {
  std::set<std::string_view> seen;
  for (const AttributeDefinition& definition : definitions) {
    if (!seen.insert(definition.attribute_name).second) {
      return ValidationError("Attribute Name is duplicated: " + definition.attribute_name);
    }
  }
  return {};
}

Status CheckDefined(std::span<const KeySchemaElement> elements, AttributeDefinitions definitions) {
  for (const KeySchemaElement& element : elements) {
    if (FindDefinition(definitions, element.attribute_name) == nullptr) {
      return InvalidParameter(
          "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
          NameList(elements) + ", AttributeDefinitions: " + NameList(definitions));
    }
  }
  return {};
}

Result<KeySchema> TableKeys(std::span<const KeySchemaElement> elements,
                            AttributeDefinitions definitions) {
  WEIR_RETURN_IF_ERROR(CheckSimpleKey(elements));
  KeySchema schema{AttributeOf(elements[0], definitions), std::nullopt};
  if (elements.size() > 1) {
    schema.sort = AttributeOf(elements[1], definitions);
  }
  return schema;
}

Result<IndexKeySchema> LocalIndexKeys(const LocalSecondaryIndex& index, const KeySchema& table,
                                      AttributeDefinitions definitions) {
  const std::vector<KeySchemaElement>& elements = index.key_schema;
  WEIR_RETURN_IF_ERROR(CheckSimpleKey(elements));
  if (!table.sort.has_value()) {
    return InvalidParameter(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  if (elements.size() < 2) {
    return InvalidParameter("Index KeySchema does not have a range key for index: " +
                            index.index_name);
  }
  if (elements[0].attribute_name != table.partition.name) {
    return InvalidParameter(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: " +
        index.index_name + ". index hash key: " + elements[0].attribute_name +
        ", table hash key: " + table.partition.name);
  }
  return IndexKeySchema{{AttributeOf(elements[0], definitions)},
                        {AttributeOf(elements[1], definitions)}};
}

Result<IndexKeySchema> GlobalIndexKeys(std::span<const KeySchemaElement> elements,
                                       AttributeDefinitions definitions) {
  const bool two_hashes = elements.size() == 2 && elements[1].key_type == KeyType::kHash;
  if (elements.size() > 2 || two_hashes) {
    WEIR_RETURN_IF_ERROR(CheckMultiAttributeKey(elements));
  } else if (elements.size() == 2 && elements[0].attribute_name == elements[1].attribute_name) {
    return SeveralOfOneName();
  } else {
    WEIR_RETURN_IF_ERROR(CheckSimpleKey(elements));
  }
  IndexKeySchema schema;
  for (const KeySchemaElement& element : elements) {
    (element.key_type == KeyType::kHash ? schema.partition : schema.sort)
        .push_back(AttributeOf(element, definitions));
  }
  return schema;
}

}  // namespace weir::dynamodb
