// SPDX-License-Identifier: Apache-2.0
// Primary keys as order-preserving bytes.
//
//   key       := hash partition sort?
//   hash      := 8 bytes: the first 8 of the MD5 of "Outliers" and the partition key's bytes (of a
//                negative number: as the service encodes it)
//   partition := length bytes       length: 2 bytes, big-endian
//   sort      := bytes
//
// `bytes` are those of the S or B, or the encoding of the N (core/number.h). Keys of one partition
// stand together, ascending by sort key; partitions are ordered by hash, as the service orders them
// (recorded by dynalite's tests against it), so scan segments and stream shards are slices of the
// hash range. This encoding is part of Weir's durable format: it changes only together with
// kKeyFormatVersion.
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
  // What all keys of this key's partition start with. Valid as long as the key.
  [[nodiscard]] std::string_view partition_prefix() const;
  // The bytes of the sort key; empty if there is no sort key. Valid as long as the key.
  [[nodiscard]] std::string_view sort_bytes() const;
  // The hash at the start of an encoded key.
  static std::uint64_t HashOf(std::string_view key_bytes);

  // What all keys with this partition key start with. `partition` must have the schema's type.
  static std::string PartitionPrefix(Value partition);
  // What all keys with these partition attributes start with. Only indexes have several.
  static std::string PartitionPrefix(std::span<const Value> partition);

  // The key of an item that is put. Fails with PutItem's ValidationExceptions if a key attribute is
  // missing, of another type, empty or too long.
  static Result<PrimaryKey> OfItem(const KeySchema& schema, MapView item);
  // The key that a request names. Fails with the ValidationExceptions of GetItem, UpdateItem and
  // DeleteItem unless `key` has exactly the key attributes, each of its type, not empty and not too
  // long.
  static Result<PrimaryKey> OfRequest(const KeySchema& schema, MapView key);

 private:
  static Result<PrimaryKey> Encode(const KeySchema& schema, Value partition,
                                   const std::optional<Value>& sort);
  std::string bytes_;
};

// The checks that every value of a key attribute must pass, in items, keys and key conditions. Each
// fails with the service's ValidationException.
Status CheckKeyNotEmpty(const KeyAttribute& attribute, Value value);
// CheckKeyNotEmpty for each key attribute that `item` has with the schema's type.
Status CheckKeysNotEmpty(const KeySchema& schema, MapView item);
Status CheckPartitionKeySize(Value value);
Status CheckSortKeySize(Value value);

// Bytes that AWS counts for the key attributes of an item, names included.
std::size_t KeyAwsSize(const KeySchema& schema, MapView item);

}  // namespace weir
