// SPDX-License-Identifier: Apache-2.0
#include "core/value.h"

#include <algorithm>

#include "core/number.h"

namespace weir {
namespace {

// What a list or map costs besides its contents, and what each of its elements adds.
constexpr std::size_t kContainerOverhead = 3;
constexpr std::size_t kElementOverhead = 1;

}  // namespace

std::string_view TypeName(ValueType type) {
  switch (type) {
    case ValueType::kString:
      return "S";
    case ValueType::kNumber:
      return "N";
    case ValueType::kBinary:
      return "B";
    case ValueType::kStringSet:
      return "SS";
    case ValueType::kNumberSet:
      return "NS";
    case ValueType::kBinarySet:
      return "BS";
    case ValueType::kMap:
      return "M";
    case ValueType::kList:
      return "L";
    case ValueType::kNull:
      return "NULL";
    case ValueType::kBool:
      return "BOOL";
  }
  return "";
}

std::size_t Value::EncodedSize() const {
  switch (type()) {
    case ValueType::kString:
    case ValueType::kNumber:
    case ValueType::kBinary: {
      const std::string_view text = bytes();
      return static_cast<std::size_t>(text.data() + text.size() - encoded_);
    }
    case ValueType::kNull:
      return 1;
    case ValueType::kBool:
      return 2;
    case ValueType::kStringSet:
    case ValueType::kNumberSet:
    case ValueType::kBinarySet:
    case ValueType::kMap:
    case ValueType::kList:
      return 1 + sizeof(std::uint32_t) + Contents().size();
  }
  return 1;
}

bool SetView::Contains(std::string_view element) const {
  return std::find(begin(), end(), element) != end();
}

std::optional<Value> ListView::At(std::size_t index) const {
  for (const Value element : *this) {
    if (index-- == 0) {
      return element;
    }
  }
  return std::nullopt;
}

std::optional<Value> MapView::Find(std::string_view name) const {
  for (const Entry entry : *this) {
    const int order = entry.name.compare(name);
    if (order == 0) {
      return entry.value;
    }
    if (order > 0) {
      break;
    }
  }
  return std::nullopt;
}

std::size_t AwsSize(Value value) {
  std::size_t size = 0;
  switch (value.type()) {
    case ValueType::kString:
    case ValueType::kBinary:
      return value.bytes().size();
    case ValueType::kNumber:
      return NumberAwsSize(value.bytes());
    case ValueType::kNull:
    case ValueType::kBool:
      return 1;
    case ValueType::kStringSet:
    case ValueType::kBinarySet:
      for (const std::string_view element : value.set()) {
        size += element.size();
      }
      return size;
    case ValueType::kNumberSet:
      for (const std::string_view element : value.set()) {
        size += NumberAwsSize(element);
      }
      return size;
    case ValueType::kList:
      size = kContainerOverhead;
      for (const Value element : value.list()) {
        size += kElementOverhead + AwsSize(element);
      }
      return size;
    case ValueType::kMap:
      size = kContainerOverhead;
      for (const MapView::Entry entry : value.map()) {
        size += kElementOverhead + entry.name.size() + AwsSize(entry.value);
      }
      return size;
  }
  return size;
}

std::size_t AwsSize(MapView attributes) {
  std::size_t size = 0;
  for (const MapView::Entry entry : attributes) {
    size += entry.name.size() + AwsSize(entry.value);
  }
  return size;
}

std::size_t NestingDepth(Value value) {
  std::size_t deepest = 0;
  if (value.type() == ValueType::kList) {
    for (const Value element : value.list()) {
      deepest = std::max(deepest, NestingDepth(element));
    }
    return deepest + 1;
  }
  if (value.type() == ValueType::kMap) {
    for (const MapView::Entry entry : value.map()) {
      deepest = std::max(deepest, NestingDepth(entry.value));
    }
    return deepest + 1;
  }
  return 0;
}

}  // namespace weir
