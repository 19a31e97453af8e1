// SPDX-License-Identifier: Apache-2.0
// Primary keys as order-preserving bytes.
//
//   key       := hash partition sort?
//   hash      := 8 bytes: the first of the MD5 of "Outliers" and the partition key's bytes
//   partition := length bytes       length: 2 bytes, big-endian
//   sort      := bytes
//
// `bytes` are those of the S or B, or the encoding of the N (core/number.h). Keys of one partition
// stand together, ascending by sort key; partitions are ordered by hash, as the service orders them
// (recorded by dynalite's tests against it), so scan segments and stream shards are slices of the
// hash range. The form is part of Weir's durable format: it changes
// only together with kKeyFormatVersion.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/value.h"

namespace weir {

inline constexpr int kKeyFormatVersion = 1;

// An attribute of a key; `type` is kString, kNumber or kBinary.
struct KeyAttribute {
  std::string name;
  ValueType type = ValueType::kString;
  bool operator==(const KeyAttribute&) const = default;
};

// A table's primary key.
struct KeySchema {
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;

  [[nodiscard]] bool Contains(std::string_view name) const {
    return partition.name == name || (sort.has_value() && sort->name == name);
  }
  [[nodiscard]] std::size_t size() const { return sort.has_value() ? 2 : 1; }
  bool operator==(const KeySchema&) const = default;
};

class PrimaryKey {
 public:
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t hash() const { return HashOf(bytes_); }
  // What all keys of the partition start with.
  [[nodiscard]] std::string_view partition_prefix() const;
  // The part of the sort key; empty when there is none.
  [[nodiscard]] std::string_view sort_bytes() const;
  // The hash at the front of an encoded key.
  static std::uint64_t HashOf(std::string_view key_bytes);

  // What all keys of one partition start with. `partition` is of the schema's type.
  static std::string PartitionPrefix(Value partition);
  // The same for a key with several partition attributes, which only indexes have.
  static std::string PartitionPrefix(std::span<const Value> partition);

  // The key in an item that is put. Fails if an attribute is missing, of another type, empty or too
  // long, with the texts of PutItem.
  static Result<PrimaryKey> OfItem(const KeySchema& schema, MapView item);
  // The key that a request names. Fails unless it is exactly the key attributes, with the texts of
  // GetItem, UpdateItem and DeleteItem.
  static Result<PrimaryKey> OfRequest(const KeySchema& schema, MapView key);

 private:
  static Result<PrimaryKey> Encode(const KeySchema& schema, Value partition,
                                   const std::optional<Value>& sort);
  std::string bytes_;
};

// The checks that every value for a key attribute passes, in items, keys and key conditions.
Status CheckKeyNotEmpty(const KeyAttribute& attribute, Value value);
// The same for all key attributes that `item` has in their types.
Status CheckKeysNotEmpty(const KeySchema& schema, MapView item);
Status CheckPartitionKeySize(Value value);
Status CheckSortKeySize(Value value);

// Bytes that AWS counts for the key attributes of an item, names included.
std::size_t KeyAwsSize(const KeySchema& schema, MapView item);

}  // namespace weir
