// SPDX-License-Identifier: Apache-2.0
// What a secondary index is, without its entries. Its capacity, which changes while the definition
// does not, is in the table's metadata.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/attribute_selection.h"
#include "core/index_key.h"
#include "core/item.h"
#include "core/key.h"

namespace weir::storage {

enum class ProjectionType : std::uint8_t { kAll, kKeysOnly, kInclude };
enum class IndexScope : std::uint8_t { kGlobal, kLocal };

// Immutable once it belongs to a table.
struct IndexDefinition {
  std::string name;
  std::string arn;
  IndexScope scope = IndexScope::kGlobal;
  IndexKeySchema key_schema;
  ProjectionType projection_type = ProjectionType::kAll;
  std::vector<std::string> non_key_attributes;  // in the order of the request

  // What an entry shows of its item: all of it, or the index key, the table key and
  // `non_key_attributes`.
  AttributeSelection projected;

  [[nodiscard]] bool global() const { return scope == IndexScope::kGlobal; }
};

using IndexDefinitionPtr = std::shared_ptr<const IndexDefinition>;

// What `projected` must be, by the other members of `index` and the table's key.
AttributeSelection ProjectedAttributes(const IndexDefinition& index, const KeySchema& table_keys);

}  // namespace weir::storage
