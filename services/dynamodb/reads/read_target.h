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
  std::optional<std::string> high;  // none: to the end

  [[nodiscard]] bool Contains(std::string_view key) const {
    return low <= key && (!high.has_value() || key < *high);
  }
};

// The first key that is greater than `key`.
std::string KeyAfter(std::string_view key);
// The first key that is greater than all that start with `prefix`; none if there is no such key.
std::optional<std::string> KeyAfterPrefix(std::string prefix);

// An encoded key, and how much of it says which partition it is in.
struct KeyPosition {
  std::string bytes;
  std::size_t partition_size = 0;

  [[nodiscard]] std::string_view sort_bytes() const {
    return std::string_view(bytes).substr(partition_size);
  }
};

// The order in which a table or index is read. Keeps both alive, so nothing it hands out dangles
// while it is there. Immutable.
class ReadTarget {
 public:
  // ResourceNotFoundException without the table, ValidationException without the index.
  static Result<ReadTarget> Find(Context& context, std::string_view table_name,
                                 const std::optional<std::string>& index_name);

  [[nodiscard]] const storage::TableMetadata& table() const { return *metadata_; }
  // Null when the table itself is read.
  [[nodiscard]] const storage::IndexDefinition* index() const { return index_.get(); }

  // HASH and RANGE attributes of what is read.
  [[nodiscard]] std::span<const KeyAttribute> partition_key() const;
  [[nodiscard]] std::span<const KeyAttribute> sort_key() const;
  [[nodiscard]] bool IsKey(std::string_view attribute) const;

  [[nodiscard]] Result<std::unique_ptr<storage::SpaceView>> Snapshot() const;
  // How many partitions it is taken to be spread over.
  [[nodiscard]] std::int64_t partitions() const;
  // Bytes of the 1 MB of a page that an item takes, as it is shown.
  [[nodiscard]] std::size_t StoredSizeOf(const Item& shown) const;

  // LastEvaluatedKey for an item: its key attributes, those of the index and of the table.
  [[nodiscard]] Item PositionAttributes(const Item& item) const {
    return position_attributes_.Of(item);
  }
  // The position of an ExclusiveStartKey, which need not exist. ValidationException unless it is
  // exactly those attributes, with values that fit.
  [[nodiscard]] Result<KeyPosition> PositionOf(MapView start_key) const;

  // What all keys of a partition start with.
  [[nodiscard]] static std::string PartitionPrefix(std::span<const Value> partition) {
    return PrimaryKey::PartitionPrefix(partition);
  }
  // A sort key's value as it stands in encoded keys: what starts with it starts with the value.
  [[nodiscard]] std::string SortBytes(Value value) const;
  // A sort key that has exactly this value: `before` is the key up to there. All others are less
  // than `low` or not less than `high`.
  [[nodiscard]] KeySpan Exactly(const std::string& before, Value value) const;

  // ValidationException for a value of a key attribute that is empty.
  [[nodiscard]] Status CheckKeyNotEmpty(const KeyAttribute& attribute, Value value) const;
  // ValidationException if no key attribute can have that value, as Query spells it.
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

// What a condition on a sort attribute leaves of the keys that start with `before`.
KeySpan SpanOf(const ReadTarget& target, const std::string& before,
               const expression::KeyCondition& condition);

}  // namespace weir::dynamodb
