// SPDX-License-Identifier: Apache-2.0
// IndexedItem: an item, and the part of it that its table's indexes look at.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/attribute_selection.h"
#include "core/item.h"
#include "storage/index_definition.h"

namespace weir::storage {

// To find an attribute, an item is walked from its start. A table's indexes may look for well over
// a hundred attributes, so those are first copied out of a large item, in one walk.
struct IndexedItem {
  Item whole{};
  Item part{};  // index keys and attributes projected by name; of a small item, all of it

  // Bytes that AWS counts for what an index shows of the item.
  [[nodiscard]] std::size_t AwsSizeOf(const AttributeSelection& view) const {
    return view.all() ? whole.aws_size() : view.AwsSizeOf(part);
  }
};

// The attributes that these indexes look at.
inline AttributeSelection IndexedAttributes(std::span<const IndexDefinitionPtr> indexes) {
  std::vector<std::string> names;
  for (const IndexDefinitionPtr& index : indexes) {
    for (const auto* keys : {&index->key_schema.partition, &index->key_schema.sort}) {
      for (const KeyAttribute& key : *keys) {
        names.push_back(key.name);
      }
    }
    const std::vector<std::string>& projected = index->projected.names();
    names.insert(names.end(), projected.begin(), projected.end());
  }
  return AttributeSelection(std::move(names));
}

inline IndexedItem WithPart(Item item, const AttributeSelection& indexed) {
  constexpr std::size_t kLarge = std::size_t{4} << 10U;
  Item part = item.packed_size() < kLarge ? item : indexed.Of(item);
  return {.whole = std::move(item), .part = std::move(part)};
}

}  // namespace weir::storage
