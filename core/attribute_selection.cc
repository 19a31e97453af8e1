// SPDX-License-Identifier: Apache-2.0
#include "core/attribute_selection.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace weir {
namespace {

// Looks up several names in one walk over the attributes, which ascend by name. So must the names.
class AscendingLookup {
 public:
  explicit AscendingLookup(MapView attributes) : at_(attributes.begin()), end_(attributes.end()) {}

  // Returns the place of the attribute `name`, or end() if it is missing. `name` must be greater
  // than the names looked up before.
  MapView::Iterator Find(std::string_view name) {
    while (at_ != end_) {
      const int order = (*at_).name.compare(name);
      if (order >= 0) {
        return order == 0 ? at_ : end_;
      }
      ++at_;
    }
    return end_;
  }
  [[nodiscard]] MapView::Iterator end() const { return end_; }

 private:
  MapView::Iterator at_;
  MapView::Iterator end_;
};

}  // namespace

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
  std::string contents;
  const MapView attributes = item.attributes();
  AscendingLookup lookup(attributes);
  for (const std::string& name : names_) {
    if (const auto entry = lookup.Find(name); entry != lookup.end()) {
      contents.append(entry.position(), std::next(entry).position());
    }
  }
  return contents.size() == attributes.contents().size() ? item : Item::FromContents(contents);
}

std::size_t AttributeSelection::AwsSizeOf(const Item& item) const {
  if (all_) {
    return item.aws_size();
  }
  std::size_t size = 0;
  AscendingLookup lookup(item.attributes());
  for (const std::string& name : names_) {
    if (const auto entry = lookup.Find(name); entry != lookup.end()) {
      size += name.size() + AwsSize((*entry).value);
    }
  }
  return size;
}

bool AttributeSelection::SameIn(const Item& one, const Item& other) const {
  if (all_) {
    return one.SameContent(other);
  }
  AscendingLookup one_lookup(one.attributes());
  AscendingLookup other_lookup(other.attributes());
  return std::all_of(names_.begin(), names_.end(), [&](const std::string& name) {
    const auto left = one_lookup.Find(name);
    const auto right = other_lookup.Find(name);
    return left == one_lookup.end() || right == other_lookup.end()
               ? left == one_lookup.end() && right == other_lookup.end()
               : (*left).value == (*right).value;
  });
}

}  // namespace weir
