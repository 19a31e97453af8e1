// SPDX-License-Identifier: Apache-2.0
// Keys of secondary index entries as order-preserving bytes.
//
//   entry     := hash partition+ sort* key
//   hash      := 8 bytes, as in primary keys; of several partition attributes: a hash of all of
//                them with their lengths
//   partition := length bytes         length: 2 bytes, big-endian
//   sort      := escaped 0x00 0x00    escaped: the bytes, with each 0x00 as 0x00 0xFF
//   key       := the item's primary key (core/key.h)
//
// Entries of one index partition stand together, ascending by the first sort attribute, then by the
// next. Entries with equal index keys are ordered by the item's primary key, which also makes each
// entry unique. With one partition attribute an entry starts as a primary key does, so scan
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

// Returns the key of an item's entry in an index; nullopt if the item has no entry. It has none if
// an attribute of the index key is missing, or if a value of one could not be written now that
// there is the index: it has another type, is empty, is too long, or several are too long together.
// A table may hold such items from before it had the index.
std::optional<std::string> IndexEntryKey(const IndexKeySchema& schema, MapView item,
                                         std::string_view primary_key);

// Escapes the bytes of a sort attribute's value. The result sorts as the value does, and starts an
// entry's sort part exactly if `sort_value` starts that entry's value.
std::string EscapedSortBytes(std::string_view sort_value);
// The escaped bytes with the 0x00 0x00 that ends them: no value's part starts with that of another
// value.
std::string SortPart(std::string_view sort_value);

// Bytes that AWS counts for the values of those attributes together, as far as the item has them.
std::size_t IndexKeySize(const std::vector<KeyAttribute>& attributes, MapView item);

// Why an index cannot hold `value` for its key attribute `attribute`; kNone if it can. `max_size`
// is in bytes.
enum class IndexKeyFault : std::uint8_t { kNone, kType, kEmpty, kTooLong };
IndexKeyFault CheckIndexKeyValue(const KeyAttribute& attribute, std::size_t max_size, Value value);

}  // namespace weir
