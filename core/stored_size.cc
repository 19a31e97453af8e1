// SPDX-License-Identifier: Apache-2.0
#include "core/stored_size.h"

namespace weir {
namespace {

constexpr std::size_t kShortString = 128;
constexpr std::size_t kMediumString = 16'384;
constexpr std::size_t kItemOverhead = 2;
constexpr std::size_t kSegmentSize = 3072;
constexpr std::size_t kSegmentOverhead = 18;
// Lists and maps, as in core/value.cc.
constexpr std::size_t kContainerOverhead = 3;

std::size_t StoredValueSize(Value value) {
  const std::size_t size = AwsSize(value);
  switch (value.type()) {
    case ValueType::kString:
      return size + (size < kShortString ? 1 : size < kMediumString ? 2 : 3);
    case ValueType::kNumber:
    case ValueType::kBinary:
      return size + 1;
    case ValueType::kStringSet:
    case ValueType::kNumberSet:
    case ValueType::kBinarySet:
      return size + value.set().size() + 1;
    case ValueType::kNull:
      return 0;
    case ValueType::kBool:
      return 1;
    case ValueType::kList: {
      std::size_t total = kContainerOverhead;
      for (const Value element : value.list()) {
        total += 1 + StoredValueSize(element);
      }
      return total;
    }
    case ValueType::kMap: {
      std::size_t total = kContainerOverhead;
      for (const MapView::Entry entry : value.map()) {
        total += 1 + entry.name.size() + StoredValueSize(entry.value);
      }
      return total;
    }
  }
  return size;
}

}  // namespace

std::size_t StoredSize(const KeySchema& schema, MapView item) {
  std::size_t attributes = 0;
  std::size_t sort_key = 0;
  for (const MapView::Entry entry : item) {
    if (schema.sort.has_value() && entry.name == schema.sort->name) {
      sort_key = AwsSize(entry.value);
    } else {
      attributes += 1 + StoredValueSize(entry.value);
    }
  }
  const std::size_t segments = 1 + (1 + attributes) / kSegmentSize;
  return kItemOverhead + attributes + segments * (kSegmentOverhead + sort_key);
}

}  // namespace weir
