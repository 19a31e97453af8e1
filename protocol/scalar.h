// SPDX-License-Identifier: Apache-2.0
// Scalars as the service reads them from JSON.
#pragma once

#include "protocol/json_tree.h"

namespace weir::protocol {

// A boolean that has passed CheckRequest: true and false, or a string of one of the spellings that
// the service takes (true, t, yes, y, 1 and their opposites, in any case).
inline bool ReadBoolean(const JsonNode& node) {
  if (node.kind() == JsonKind::kString) {
    return !node.text().empty() &&
           std::string_view("tTyY1").find(node.text().front()) != std::string_view::npos;
  }
  return node.kind() == JsonKind::kTrue;
}

}  // namespace weir::protocol
