// SPDX-License-Identifier: Apache-2.0
// Document paths: `a.b[0].#c`, with all placeholders resolved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace weir::expression {

// One step of a path: the name of an attribute or map member, or the index of a list element.
struct PathElement {
  std::string_view name;
  std::uint32_t index = 0;
  bool is_index = false;

  bool operator==(const PathElement& other) const = default;
};

// A path is never empty and starts with a name.
using PathView = std::span<const PathElement>;

// Where a path lies in the PathElements of its expression.
struct PathRange {
  std::uint32_t first = 0;
  std::uint32_t size = 0;
};

// A top-level attribute that an expression names, and whether it looks inside it (`a.b`, `a[0]`).
struct AttributeUse {
  std::string_view name;
  bool nested = false;
};

// `[a, b, [0]]`, as the service prints a path.
std::string PathText(PathView path);

// The value that `path` leads to in `item`; nullopt if it leads nowhere.
std::optional<Value> FindPath(MapView item, PathView path);
// FindPath for a path whose first element has already found `attribute`, or nothing; `rest` is the
// rest of that path.
std::optional<Value> FindBelow(std::optional<Value> attribute, PathView rest);

// How two paths of one projection or update relate.
enum class PathRelation : std::uint8_t {
  kDistinct,
  kOverlap,   // the paths are equal, or one leads into the other
  kConflict,  // one takes as a list what the other takes as a map
};
PathRelation Compare(PathView one, PathView two);

// The use of the attribute with that name; nullptr if it is not used.
const AttributeUse* FindUse(std::span<const AttributeUse> uses, std::string_view name);

// Adds the use of `path`'s attribute, if `uses` does not have it yet; marks it as nested if `path`
// is.
void AddUse(std::vector<AttributeUse>& uses, PathView path);

}  // namespace weir::expression
