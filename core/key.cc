// SPDX-License-Identifier: Apache-2.0
#include "core/key.h"

#include <nettle/md5.h>

#include <algorithm>
#include <array>

#include "core/limits.h"
#include "core/number.h"

namespace weir {
namespace {

template <class Integer>
void AppendBigEndian(Integer number, std::string& out) {
  for (std::size_t shift = sizeof(Integer) * 8; shift > 0; shift -= 8) {
    out.push_back(static_cast<char>((number >> (shift - 8)) & 0xFFU));
  }
}

// The service orders partitions by the MD5 of this and the partition key's bytes.
constexpr std::string_view kHashPrefix = "Outliers";

// Swaps the bytes: MD5 writes its words from the lowest byte up.
std::uint32_t Reversed(std::uint32_t word) {
  return __builtin_bswap32(word);
}

// The first 64 bits of the MD5 of kHashPrefix and `bytes`, if they fit into one block with the
// padding, as most keys do. A whole block bypasses the library's buffer, which is a tenth of the
// work.
std::uint64_t HashOfBlock(std::string_view bytes) {
  constexpr std::uint8_t kEndOfMessage = 0x80;
  constexpr std::size_t kBitsAt = MD5_BLOCK_SIZE - sizeof(std::uint64_t);
  std::array<std::uint8_t, MD5_BLOCK_SIZE> block{};
  auto end = std::copy(kHashPrefix.begin(), kHashPrefix.end(), block.begin());
  end = std::copy(bytes.begin(), bytes.end(), end);
  *end = kEndOfMessage;
  const std::size_t bits = (kHashPrefix.size() + bytes.size()) * 8;
  block[kBitsAt] = static_cast<std::uint8_t>(bits & 0xFFU);
  block[kBitsAt + 1] = static_cast<std::uint8_t>(bits >> 8U);
  md5_ctx digest;
  md5_init(&digest);
  md5_update(&digest, block.size(), block.data());
  return std::uint64_t{Reversed(digest.state[0])} << 32U | Reversed(digest.state[1]);
}

std::uint64_t HashOfBytes(std::string_view bytes) {
  constexpr std::size_t kMostInBlock =
      MD5_BLOCK_SIZE - sizeof(std::uint64_t) - 1 - kHashPrefix.size();
  if (bytes.size() <= kMostInBlock) {
    return HashOfBlock(bytes);
  }
  md5_ctx digest;
  md5_init(&digest);
  for (const std::string_view part : {kHashPrefix, bytes}) {
    md5_update(&digest, part.size(), reinterpret_cast<const std::uint8_t*>(part.data()));
  }
  std::array<std::uint8_t, sizeof(std::uint64_t)> first{};
  md5_digest(&digest, first.size(), first.data());
  std::uint64_t hash = 0;
  for (const std::uint8_t byte : first) {
    hash = hash << 8U | byte;
  }
  return hash;
}

// Hashes a negative number as the service encodes it: each base-100 digit is subtracted from 101,
// not from 254 as here (core/number.h), and after 20 digits there is no end byte.
std::uint64_t HashOfNegative(std::string_view number) {
  constexpr std::uint8_t kDifference = 153;
  constexpr std::size_t kMostDigits = 20;
  std::array<char, kMaxEncodedNumberSize> bytes{};
  bytes[0] = number[0];
  for (std::size_t i = 1; i < number.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint8_t>(number[i]) - kDifference);
  }
  const bool has_end = number.size() - 2 < kMostDigits;
  return HashOfBytes({bytes.data(), number.size() - (has_end ? 0 : 1)});
}

// A single value is hashed as the service hashes it, without its length. How the service orders
// partitions with several values is not known; theirs are hashed with their lengths.
std::uint64_t PartitionHash(std::span<const Value> partition, std::string_view framed) {
  if (partition.size() != 1) {
    return HashOfBytes(framed);
  }
  constexpr auto kZero = static_cast<std::uint8_t>(0x80);
  const Value value = partition.front();
  const std::string_view bytes = value.bytes();
  const bool negative =
      value.type() == ValueType::kNumber && static_cast<std::uint8_t>(bytes[0]) < kZero;
  return negative ? HashOfNegative(bytes) : HashOfBytes(bytes);
}

}  // namespace

Status CheckKeyNotEmpty(const KeyAttribute& attribute, Value value) {
  if (!value.bytes().empty()) {
    return {};
  }
  const std::string_view type = attribute.type == ValueType::kBinary ? "binary" : "string";
  return ValidationError(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty " +
      std::string(type) + " value. Key: " + attribute.name);
}

Status CheckKeysNotEmpty(const KeySchema& schema, MapView item) {
  const auto check = [&](const KeyAttribute& attribute) -> Status {
    const std::optional<Value> value = item.Find(attribute.name);
    return value.has_value() && value->type() == attribute.type
               ? CheckKeyNotEmpty(attribute, *value)
               : Status();
  };
  WEIR_RETURN_IF_ERROR(check(schema.partition));
  return schema.sort.has_value() ? check(*schema.sort) : Status();
}

namespace {

Result<Value> KeyValueOfItem(const KeyAttribute& attribute, MapView item) {
  const std::optional<Value> value = item.Find(attribute.name);
  if (!value.has_value()) {
    return InvalidParameter("Missing the key " + attribute.name + " in the item");
  }
  if (value->type() != attribute.type) {
    return InvalidParameter("Type mismatch for key " + attribute.name +
                            " expected: " + std::string(TypeName(attribute.type)) +
                            " actual: " + std::string(TypeName(value->type())));
  }
  WEIR_RETURN_IF_ERROR(CheckKeyNotEmpty(attribute, *value));
  return *value;
}

ApiError KeyMismatch() {
  return ValidationError("The provided key element does not match the schema");
}

}  // namespace

Status CheckPartitionKeySize(Value value) {
  if (value.bytes().size() > limits::kPartitionKeySize) {
    return InvalidParameter(
        "Size of hashkey has exceeded the maximum size limit of2048 bytes");  // sic
  }
  return {};
}

Status CheckSortKeySize(Value value) {
  if (value.bytes().size() > limits::kSortKeySize) {
    return InvalidParameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return {};
}

std::uint64_t PrimaryKey::HashOf(std::string_view key_bytes) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) {
    hash = (hash << 8) | static_cast<unsigned char>(key_bytes[i]);
  }
  return hash;
}

std::string_view PrimaryKey::partition_prefix() const {
  constexpr std::size_t kHashSize = sizeof(std::uint64_t);
  const auto high = static_cast<unsigned char>(bytes_[kHashSize]);
  const auto low = static_cast<unsigned char>(bytes_[kHashSize + 1]);
  const std::size_t partition_size = (std::size_t{high} << 8U) | low;
  return std::string_view(bytes_).substr(0, kHashSize + sizeof(std::uint16_t) + partition_size);
}

std::string_view PrimaryKey::sort_bytes() const {
  return std::string_view(bytes_).substr(partition_prefix().size());
}

std::string PrimaryKey::PartitionPrefix(Value partition) {
  return PartitionPrefix(std::span(&partition, 1));
}

std::string PrimaryKey::PartitionPrefix(std::span<const Value> partition) {
  std::string framed;
  for (const Value value : partition) {
    AppendBigEndian(static_cast<std::uint16_t>(value.bytes().size()), framed);
    framed.append(value.bytes());
  }
  std::string prefix;
  AppendBigEndian(PartitionHash(partition, framed), prefix);
  return prefix.append(framed);
}

Result<PrimaryKey> PrimaryKey::Encode(const KeySchema& schema, Value partition,
                                      const std::optional<Value>& sort) {
  WEIR_RETURN_IF_ERROR(CheckPartitionKeySize(partition));
  PrimaryKey key;
  key.bytes_ = PartitionPrefix(partition);
  if (schema.sort.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckSortKeySize(*sort));
    key.bytes_.append(sort->bytes());
  }
  return key;
}

Result<PrimaryKey> PrimaryKey::OfItem(const KeySchema& schema, MapView item) {
  WEIR_ASSIGN_OR_RETURN(const Value partition, KeyValueOfItem(schema.partition, item));
  std::optional<Value> sort;
  if (schema.sort.has_value()) {
    WEIR_ASSIGN_OR_RETURN(sort, KeyValueOfItem(*schema.sort, item));
  }
  return Encode(schema, partition, sort);
}

Result<PrimaryKey> PrimaryKey::OfRequest(const KeySchema& schema, MapView key) {
  const std::optional<Value> partition = key.Find(schema.partition.name);
  std::optional<Value> sort;
  if (schema.sort.has_value()) {
    sort = key.Find(schema.sort->name);
    if (!sort.has_value() || sort->type() != schema.sort->type) {
      return KeyMismatch();
    }
  }
  if (!partition.has_value() || partition->type() != schema.partition.type ||
      key.size() != schema.size()) {
    return KeyMismatch();
  }
  WEIR_RETURN_IF_ERROR(CheckKeyNotEmpty(schema.partition, *partition));
  if (sort.has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyNotEmpty(*schema.sort, *sort));
  }
  return Encode(schema, *partition, sort);
}

std::size_t KeyAwsSize(const KeySchema& schema, MapView item) {
  std::size_t size = 0;
  for (const MapView::Entry entry : item) {
    if (schema.Contains(entry.name)) {
      size += entry.name.size() + AwsSize(entry.value);
    }
  }
  return size;
}

}  // namespace weir
