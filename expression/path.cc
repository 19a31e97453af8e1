// SPDX-License-Identifier: Apache-2.0
#include "expression/path.h"

#include <algorithm>

namespace weir::expression {

std::string PathText(PathView path) {
  std::string text = "[";
  for (const PathElement& element : path) {
    if (text.size() > 1) {
      text.append(", ");
    }
    if (element.is_index) {
      text.append("[").append(std::to_string(element.index)).append("]");
    } else {
      text.append(element.name);
    }
  }
  return text.append("]");
}

std::optional<Value> FindPath(MapView item, PathView path) {
  return FindBelow(item.Find(path.front().name), path.subspan(1));
}

std::optional<Value> FindBelow(std::optional<Value> attribute, PathView rest) {
  std::optional<Value> value = attribute;
  for (const PathElement& element : rest) {
    if (!value.has_value()) {
      return std::nullopt;
    }
    if (value->type() != (element.is_index ? ValueType::kList : ValueType::kMap)) {
      return std::nullopt;
    }
    value = element.is_index ? value->list().At(element.index) : value->map().Find(element.name);
  }
  return value;
}

PathRelation Compare(PathView one, PathView two) {
  const std::size_t size = std::min(one.size(), two.size());
  for (std::size_t i = 0; i < size; ++i) {
    if (one[i].is_index != two[i].is_index) {
      return PathRelation::kConflict;
    }
    if (one[i] != two[i]) {
      return PathRelation::kDistinct;
    }
  }
  return PathRelation::kOverlap;
}

const AttributeUse* FindUse(std::span<const AttributeUse> uses, std::string_view name) {
  const auto use = std::find_if(uses.begin(), uses.end(),
                                [&](const AttributeUse& other) { return other.name == name; });
  return use == uses.end() ? nullptr : &*use;
}

void AddUse(std::vector<AttributeUse>& uses, PathView path) {
  const bool nested = path.size() > 1;
  for (AttributeUse& use : uses) {
    if (use.name == path.front().name) {
      use.nested = use.nested || nested;
      return;
    }
  }
  uses.push_back({path.front().name, nested});
}

}  // namespace weir::expression
