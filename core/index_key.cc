// SPDX-License-Identifier: Apache-2.0
#include "core/index_key.h"

#include <algorithm>

#include "core/limits.h"

namespace weir {
namespace {

constexpr char kEscape = '\0';
constexpr auto kEscapedZero = static_cast<char>(0xFF);

bool HasName(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const KeyAttribute& attribute) { return attribute.name == name; });
}

// The value of an index key attribute; nullopt if it is missing or the index cannot hold it.
std::optional<Value> KeyValue(const KeyAttribute& attribute, std::size_t max_size, MapView item) {
  const std::optional<Value> value = item.Find(attribute.name);
  if (!value.has_value() ||
      CheckIndexKeyValue(attribute, max_size, *value) != IndexKeyFault::kNone) {
    return std::nullopt;
  }
  return value;
}

// Checks the size of several attributes: together they may take `max_size`, as one alone may.
bool FitTogether(const std::vector<KeyAttribute>& attributes, std::size_t max_size, MapView item) {
  return attributes.size() < 2 || IndexKeySize(attributes, item) <= max_size;
}

void AppendEscaped(std::string_view bytes, std::string& out) {
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t zero = bytes.find(kEscape, begin);
    if (zero == std::string_view::npos) {
      out.append(bytes.substr(begin));
      return;
    }
    out.append(bytes.substr(begin, zero + 1 - begin)).push_back(kEscapedZero);
    begin = zero + 1;
  }
}

}  // namespace

bool IndexKeySchema::Contains(std::string_view name) const {
  return HasName(partition, name) || HasName(sort, name);
}

IndexKeyFault CheckIndexKeyValue(const KeyAttribute& attribute, std::size_t max_size, Value value) {
  if (value.type() != attribute.type) {
    return IndexKeyFault::kType;
  }
  const std::size_t size = value.bytes().size();
  if (size == 0) {
    return IndexKeyFault::kEmpty;
  }
  return size > max_size ? IndexKeyFault::kTooLong : IndexKeyFault::kNone;
}

std::size_t IndexKeySize(const std::vector<KeyAttribute>& attributes, MapView item) {
  std::size_t size = 0;
  for (const KeyAttribute& attribute : attributes) {
    const std::optional<Value> value = item.Find(attribute.name);
    size += value.has_value() ? AwsSize(*value) : 0;
  }
  return size;
}

std::string EscapedSortBytes(std::string_view sort_value) {
  std::string bytes;
  AppendEscaped(sort_value, bytes);
  return bytes;
}

std::string SortPart(std::string_view sort_value) {
  std::string bytes = EscapedSortBytes(sort_value);
  bytes.append(2, kEscape);
  return bytes;
}

std::optional<std::string> IndexEntryKey(const IndexKeySchema& schema, MapView item,
                                         std::string_view primary_key) {
  if (!FitTogether(schema.partition, limits::kPartitionKeySize, item) ||
      !FitTogether(schema.sort, limits::kSortKeySize, item)) {
    return std::nullopt;
  }
  std::vector<Value> partition;
  partition.reserve(schema.partition.size());
  for (const KeyAttribute& attribute : schema.partition) {
    const std::optional<Value> value = KeyValue(attribute, limits::kPartitionKeySize, item);
    if (!value.has_value()) {
      return std::nullopt;
    }
    partition.push_back(*value);
  }
  std::string key = PrimaryKey::PartitionPrefix(partition);
  for (const KeyAttribute& attribute : schema.sort) {
    const std::optional<Value> value = KeyValue(attribute, limits::kSortKeySize, item);
    if (!value.has_value()) {
      return std::nullopt;
    }
    AppendEscaped(value->bytes(), key);
    key.append(2, kEscape);
  }
  return key.append(primary_key);
}

}  // namespace weir
