// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/key_members.h"

namespace weir::dynamodb {

std::vector<KeySchemaElement> KeySchemaElements(const KeySchema& schema) {
  std::vector<KeySchemaElement> elements{{schema.partition.name, KeyType::kHash}};
  if (schema.sort.has_value()) {
    elements.push_back({schema.sort->name, KeyType::kRange});
  }
  return elements;
}

std::vector<KeySchemaElement> KeySchemaElements(const IndexKeySchema& schema) {
  std::vector<KeySchemaElement> elements;
  elements.reserve(schema.partition.size() + schema.sort.size());
  for (const KeyAttribute& attribute : schema.partition) {
    elements.push_back({attribute.name, KeyType::kHash});
  }
  for (const KeyAttribute& attribute : schema.sort) {
    elements.push_back({attribute.name, KeyType::kRange});
  }
  return elements;
}

}  // namespace weir::dynamodb
