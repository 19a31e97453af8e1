// SPDX-License-Identifier: Apache-2.0
// ReadTarget: what a query or scan reads, a table or one of its indexes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/attribute_selection.h"
#include "core/index_key.h"
#include "core/item.h"
#include "core/result.h"
#include "expression/key_condition.h"
#include "services/dynamodb/database.h"
#include "storage/engine.h"

namespace weir::dynamodb {

// Encoded keys from `low` up to but not including `high`.
struct KeySpan {
  std::string low;
  std::optional<std::string> high;  // nullopt: up to the last key

  [[nodiscard]] bool Contains(std::string_view key) const {
    return low <= key && (!high.has_value() || key < *high);
  }
};

// The first key that is greater than `key`.
std::string KeyAfter(std::string_view key);
// The first key that is greater than all that start with `prefix`; nullopt if there is no such key.
std::optional<std::string> KeyAfterPrefix(std::string prefix);

// An encoded key. Its first `partition_size` bytes say which partition it is in.
struct KeyPosition {
  std::string bytes;
  std::size_t partition_size = 0;

  [[nodiscard]] std::string_view sort_bytes() const {
    return std::string_view(bytes).substr(partition_size);
  }
};

// A table or index to be read, and its keys. Keeps the table and the index alive, so references
// that it returns stay valid as long as the target. Immutable.
class ReadTarget {
 public:
  // ResourceNotFoundException for a missing table, ValidationException for a missing index.
  static Result<ReadTarget> Find(Context& context, std::string_view table_name,
                                 const std::optional<std::string>& index_name);

  [[nodiscard]] const storage::TableMetadata& table() const { return *metadata_; }
  // Null if the table itself is read.
  [[nodiscard]] const storage::IndexDefinition* index() const { return index_.get(); }

  // The HASH and RANGE attributes of the table or index that is read.
  [[nodiscard]] std::span<const KeyAttribute> partition_key() const;
  [[nodiscard]] std::span<const KeyAttribute> sort_key() const;
  [[nodiscard]] bool IsKey(std::string_view attribute) const;

  [[nodiscard]] Result<std::unique_ptr<storage::SpaceView>> Snapshot() const;
  // How many partitions the table or index is assumed to have; see PartitionCount.
  [[nodiscard]] std::int64_t partitions() const;
  // How many bytes of the 1 MB of a page an item takes. `shown` is the item as the table or index
  // has it.
  [[nodiscard]] std::size_t StoredSizeOf(const Item& shown) const;

  // The LastEvaluatedKey for an item: the key attributes of the table and of the index.
  [[nodiscard]] Item PositionAttributes(const Item& item) const {
    return position_attributes_.Of(item);
  }
  // The position of an ExclusiveStartKey; no item with that key need exist. ValidationException
  // unless it has exactly the attributes of PositionAttributes, with values that fit.
  [[nodiscard]] Result<KeyPosition> PositionOf(MapView start_key) const;

  // The bytes that all encoded keys of a partition start with.
  [[nodiscard]] static std::string PartitionPrefix(std::span<const Value> partition) {
    return PrimaryKey::PartitionPrefix(partition);
  }
  // A sort key's value as it stands in encoded keys, without an end: longer values that start with
  // this one start with these bytes, too.
  [[nodiscard]] std::string SortBytes(Value value) const;
  // The span of keys whose sort attribute has exactly this value; `before` is the encoded key up to
  // that attribute. Among keys that start with `before`, lesser values are before the span and
  // greater ones after it.
  [[nodiscard]] KeySpan Exactly(const std::string& before, Value value) const;

  // ValidationException if the value of a key attribute is empty.
  [[nodiscard]] Status CheckKeyNotEmpty(const KeyAttribute& attribute, Value value) const;
  // ValidationException, in Query's words, if the key attribute cannot have that value.
  [[nodiscard]] Status CheckKeyValue(const KeyAttribute& attribute, bool is_sort,
                                     Value value) const;

 private:
  ReadTarget(storage::TablePtr table, storage::TableMetadataPtr metadata,
             storage::IndexDefinitionPtr index);

  storage::TablePtr table_;
  storage::TableMetadataPtr metadata_;
  storage::IndexDefinitionPtr index_;
  AttributeSelection position_attributes_;
};

// The keys that start with `before` and meet a condition on the sort attribute that follows.
KeySpan SpanOf(const ReadTarget& target, const std::string& before,
               const expression::KeyCondition& condition);

}  // namespace weir::dynamodb
