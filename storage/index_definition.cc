// SPDX-License-Identifier: Apache-2.0
#include "storage/index_definition.h"

#include <utility>

namespace weir::storage {

AttributeSelection ProjectedAttributes(const IndexDefinition& index, const KeySchema& table_keys) {
  if (index.projection_type == ProjectionType::kAll) {
    return {};
  }
  std::vector<std::string> names = index.non_key_attributes;
  names.push_back(table_keys.partition.name);
  if (table_keys.sort.has_value()) {
    names.push_back(table_keys.sort->name);
  }
  for (const auto* part : {&index.key_schema.partition, &index.key_schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      names.push_back(attribute.name);
    }
  }
  return AttributeSelection(std::move(names));
}

}  // namespace weir::storage
