// SPDX-License-Identifier: Apache-2.0
// Builds an index of a table that nobody uses yet, at once.
#pragma once

#include <memory>

#include "core/attribute_selection.h"
#include "storage/engine.h"
#include "storage/index_definition.h"
#include "storage/secondary_index.h"

namespace weir::storage {

struct BuiltIndex {
  std::unique_ptr<Space> entries;
  Statistics statistics;
};

// The entries of `index` for the table's items. `indexed` are the attributes that the table's
// indexes look at. Sorts the entries' keys and has several threads for many items, which is some
// times as fast as adding entry by entry; takes about 100 bytes an item meanwhile.
BuiltIndex BuildIndex(const IndexDefinition& index, const AttributeSelection& indexed,
                      const SpaceView& items, Engine& engine);

}  // namespace weir::storage
