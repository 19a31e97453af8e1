// SPDX-License-Identifier: Apache-2.0
// Keys of secondary index entries as order-preserving bytes.
//
//   entry     := hash partition+ sort* key
//   hash      := 8 bytes, as in primary keys; of several partition attributes with their lengths
//   partition := length bytes         length: 2 bytes, big-endian
//   sort      := escaped 0x00 0x00    escaped: each 0x00 of the bytes as 0x00 0xFF
//   key       := the item's primary key (core/key.h)
//
// Entries of one index partition stand together, ascending by their sort attributes one after the
// other; entries with equal index keys are ordered by the item's primary key, which also makes each
// of them unique. With one partition attribute an entry starts as a primary key does, so scan
// segments of indexes are slices of the same hash range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "core/value.h"

namespace weir {

// The key of an index: one HASH and at most one RANGE attribute; in a global secondary index up to
// four of each:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
struct IndexKeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;

  [[nodiscard]] bool Contains(std::string_view name) const;
  bool operator==(const IndexKeySchema&) const = default;
};

// The key of an item's entry in an index. None if the item has none: an attribute of the index key
// is missing, or a value could not have been written through the index (another type, empty, too
// long, too long together; a table may hold such items from before it had the index).
std::optional<std::string> IndexEntryKey(const IndexKeySchema& schema, MapView item,
                                         std::string_view primary_key);

// Bytes that sort as `sort_value` does. What starts with them starts with the value.
std::string EscapedSortBytes(std::string_view sort_value);
// The same with its end: no value starts with another one's.
std::string SortPart(std::string_view sort_value);

// Bytes that those attributes take together, as far as the item has them.
std::size_t IndexKeySize(const std::vector<KeyAttribute>& attributes, MapView item);

// Whether an index can hold `value`, a value of that attribute.
enum class IndexKeyFault : std::uint8_t { kNone, kType, kEmpty, kTooLong };
IndexKeyFault CheckIndexKeyValue(const KeyAttribute& attribute, std::size_t max_size, Value value);

}  // namespace weir
