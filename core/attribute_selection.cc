// SPDX-License-Identifier: Apache-2.0
#include "core/attribute_selection.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace weir {

AttributeSelection::AttributeSelection(std::vector<std::string> names)
    : all_(false), names_(std::move(names)) {
  std::sort(names_.begin(), names_.end());
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

bool AttributeSelection::Contains(std::string_view name) const {
  return all_ || std::binary_search(names_.begin(), names_.end(), name);
}

Item AttributeSelection::Of(const Item& item) const {
  if (all_ || !item) {
    return item;
  }
  // Entries of the packed form stand in the order of their names, so what is left of them does.
  std::string contents;
  const MapView attributes = item.attributes();
  const auto end = attributes.end();
  for (auto entry = attributes.begin(); entry != end;) {
    const auto next = std::next(entry);
    if (Contains((*entry).name)) {
      contents.append(entry.position(), next.position());
    }
    entry = next;
  }
  return contents.size() == attributes.contents().size() ? item : Item::FromContents(contents);
}

std::size_t AttributeSelection::AwsSizeOf(const Item& item) const {
  if (all_) {
    return item.aws_size();
  }
  std::size_t size = 0;
  for (const MapView::Entry entry : item.attributes()) {
    if (Contains(entry.name)) {
      size += entry.name.size() + AwsSize(entry.value);
    }
  }
  return size;
}

bool AttributeSelection::SameIn(const Item& one, const Item& other) const {
  if (all_) {
    return one.SameContent(other);
  }
  return std::all_of(names_.begin(), names_.end(), [&](const std::string& name) {
    return one.attributes().Find(name) == other.attributes().Find(name);
  });
}

}  // namespace weir
