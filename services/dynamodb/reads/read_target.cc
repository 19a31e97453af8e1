// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/reads/read_target.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/stored_size.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/indexes/index_keys.h"

namespace weir::dynamodb {
namespace {

ApiError InvalidStart() {
  return ValidationError("The provided starting key is invalid");
}

bool HasName(std::span<const KeyAttribute> attributes, std::string_view name) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const KeyAttribute& attribute) { return attribute.name == name; });
}

std::vector<std::string> KeyNames(const KeySchema& schema) {
  std::vector<std::string> names{schema.partition.name};
  if (schema.sort.has_value()) {
    names.push_back(schema.sort->name);
  }
  return names;
}

}  // namespace

std::string KeyAfter(std::string_view key) {
  std::string after(key);
  after.push_back('\0');
  return after;
}

std::optional<std::string> KeyAfterPrefix(std::string prefix) {
  constexpr auto kLastByte = static_cast<char>(0xFF);
  while (!prefix.empty() && prefix.back() == kLastByte) {
    prefix.pop_back();
  }
  if (prefix.empty()) {
    return std::nullopt;
  }
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

ReadTarget::ReadTarget(storage::TablePtr table, storage::TableMetadataPtr metadata,
                       storage::IndexDefinitionPtr index)
    : table_(std::move(table)), metadata_(std::move(metadata)), index_(std::move(index)) {
  std::vector<std::string> names = KeyNames(metadata_->key_schema);
  if (index_ != nullptr) {
    for (const auto part : {partition_key(), sort_key()}) {
      for (const KeyAttribute& attribute : part) {
        names.push_back(attribute.name);
      }
    }
  }
  position_attributes_ = AttributeSelection(std::move(names));
}

Result<ReadTarget> ReadTarget::Find(Context& context, std::string_view table_name,
                                    const std::optional<std::string>& index_name) {
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table,
                        ResolveTable(context.database, table_name, kItemTable));
  storage::TableMetadataPtr metadata = table->metadata();
  storage::IndexDefinitionPtr index;
  if (index_name.has_value()) {
    index = FindIndex(*metadata, *index_name);
    if (index == nullptr) {
      return IndexNotFound(*index_name);
    }
  }
  return ReadTarget(std::move(table), std::move(metadata), std::move(index));
}

std::span<const KeyAttribute> ReadTarget::partition_key() const {
  if (index_ != nullptr) {
    return index_->key_schema.partition;
  }
  return {&metadata_->key_schema.partition, 1};
}

std::span<const KeyAttribute> ReadTarget::sort_key() const {
  if (index_ != nullptr) {
    return index_->key_schema.sort;
  }
  const std::optional<KeyAttribute>& sort = metadata_->key_schema.sort;
  return sort.has_value() ? std::span(&*sort, 1) : std::span<const KeyAttribute>();
}

bool ReadTarget::IsKey(std::string_view attribute) const {
  return HasName(partition_key(), attribute) || HasName(sort_key(), attribute);
}

Result<std::unique_ptr<storage::SpaceView>> ReadTarget::Snapshot() const {
  return Worded(index_ == nullptr ? table_->Snapshot() : table_->Snapshot(*index_));
}

std::int64_t ReadTarget::partitions() const {
  const bool own_throughput = index_ != nullptr && index_->global();
  const storage::Capacity& capacity =
      own_throughput ? metadata_->index_capacity.find(index_->name)->second : metadata_->capacity;
  return PartitionCount(metadata_->billing_mode, capacity.provisioned.value().units);
}

std::size_t ReadTarget::StoredSizeOf(const Item& shown) const {
  if (index_ == nullptr) {
    return StoredSize(metadata_->key_schema, shown.attributes());
  }
  // No public test has measured pages of an index. They are assumed to be like those of a table.
  KeySchema schema{index_->key_schema.partition.front(), std::nullopt};
  if (!index_->key_schema.sort.empty()) {
    schema.sort = index_->key_schema.sort.back();
  }
  return StoredSize(schema, shown.attributes());
}

Result<KeyPosition> ReadTarget::PositionOf(MapView start_key) const {
  if (start_key.size() != position_attributes_.size()) {
    return InvalidStart();
  }
  // The number of attributes is right. So if all key attributes are found below, there are no
  // others.
  const Result<PrimaryKey> key = PrimaryKey::OfItem(metadata_->key_schema, start_key);
  if (!key.ok()) {
    return InvalidStart();
  }
  if (index_ == nullptr) {
    return KeyPosition{std::string(key.value().bytes()), key.value().partition_prefix().size()};
  }
  std::optional<std::string> bytes =
      IndexEntryKey(index_->key_schema, start_key, key.value().bytes());
  if (!bytes.has_value()) {
    return InvalidStart();
  }
  std::vector<Value> partition;
  for (const KeyAttribute& attribute : partition_key()) {
    partition.push_back(*start_key.Find(attribute.name));
  }
  return KeyPosition{*std::move(bytes), PartitionPrefix(partition).size()};
}

std::string ReadTarget::SortBytes(Value value) const {
  return index_ == nullptr ? std::string(value.bytes()) : EscapedSortBytes(value.bytes());
}

KeySpan ReadTarget::Exactly(const std::string& before, Value value) const {
  if (index_ == nullptr) {
    std::string key = before + std::string(value.bytes());
    std::string after = KeyAfter(key);
    return {std::move(key), std::move(after)};
  }
  // Other sort attributes and the table's key may follow.
  std::string key = before + SortPart(value.bytes());
  std::optional<std::string> after = KeyAfterPrefix(key);
  return {std::move(key), std::move(after)};
}

Status ReadTarget::CheckKeyNotEmpty(const KeyAttribute& attribute, Value value) const {
  if (index_ == nullptr) {
    return weir::CheckKeyNotEmpty(attribute, value);
  }
  const IndexKeyFault fault = CheckIndexKeyValue(attribute, SIZE_MAX, value);
  return fault == IndexKeyFault::kEmpty ? Status(IndexKeyError(*index_, attribute, value, fault))
                                        : Status();
}

Status ReadTarget::CheckKeyValue(const KeyAttribute& attribute, bool is_sort, Value value) const {
  if (index_ != nullptr) {
    const std::size_t max_size = is_sort ? limits::kSortKeySize : limits::kPartitionKeySize;
    const IndexKeyFault fault = CheckIndexKeyValue(attribute, max_size, value);
    return fault == IndexKeyFault::kNone ? Status()
                                         : Status(IndexKeyError(*index_, attribute, value, fault));
  }
  WEIR_RETURN_IF_ERROR(weir::CheckKeyNotEmpty(attribute, value));
  return is_sort ? CheckSortKeySize(value) : CheckPartitionKeySize(value);
}

KeySpan SpanOf(const ReadTarget& target, const std::string& before,
               const expression::KeyCondition& condition) {
  const std::optional<std::string> end = KeyAfterPrefix(before);
  KeySpan exactly = target.Exactly(before, condition.value);
  using expression::KeyOperator;
  switch (condition.op) {
    case KeyOperator::kEqual:
      return exactly;
    case KeyOperator::kLess:
      return {before, std::move(exactly.low)};
    case KeyOperator::kLessOrEqual:
      return {before, std::move(exactly.high)};
    case KeyOperator::kGreater:
      // Nothing is greater than the last key there can be.
      return exactly.high.has_value() ? KeySpan{*std::move(exactly.high), end}
                                      : KeySpan{before, before};
    case KeyOperator::kGreaterOrEqual:
      return {std::move(exactly.low), end};
    case KeyOperator::kBetween:
      return {std::move(exactly.low), target.Exactly(before, *condition.upper).high};
    case KeyOperator::kBeginsWith: {
      std::string prefix = before + target.SortBytes(condition.value);
      std::optional<std::string> after = KeyAfterPrefix(prefix);
      return {std::move(prefix), std::move(after)};
    }
  }
  return {};
}

}  // namespace weir::dynamodb
