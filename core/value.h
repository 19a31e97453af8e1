// SPDX-License-Identifier: Apache-2.0
// Attribute values in Weir's packed form, and views into them.
//
//   value   := type body
//   type    := one byte, ValueType
//   body    := S, B   length bytes
//            | N      length bytes        (the encoding of core/number.h)
//            | BOOL   one byte, 0 or 1
//            | NULL   nothing
//            | SS, NS, BS   size element*        element := length bytes
//            | L            size value*
//            | M            size entry*          entry   := length name value
//   length  := LEB128 varint
//   size    := 4 bytes, little-endian: bytes of what follows, so that a reader can step over it
//
// The form is canonical: names of a map and elements of a set are in ascending byte order and occur
// once, numbers are normalised. Two values are equal, as DynamoDB compares them, exactly when their
// bytes are. It is written by core/value_writer.h only, so views trust it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace weir {

enum class ValueType : std::uint8_t {
  kString = 1,
  kNumber,
  kBinary,
  kStringSet,
  kNumberSet,
  kBinarySet,
  kMap,
  kList,
  kNull,
  kBool,
};

// "S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL" or "BOOL".
std::string_view TypeName(ValueType type);

// Reads a varint at `*position` and moves `*position` past it.
inline std::size_t ReadLength(const char** position) {
  std::size_t length = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*(*position)++);
    length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) {
      return length;
    }
  }
}

// Reads a length-prefixed byte string at `*position` and moves `*position` past it.
inline std::string_view ReadBytes(const char** position) {
  const std::size_t length = ReadLength(position);
  const std::string_view bytes(*position, length);
  *position += length;
  return bytes;
}

class ListView;
class MapView;
class SetView;

// A view of one packed value. Valid as long as the buffer that holds it.
class Value {
 public:
  // `encoded` points at a type byte.
  explicit Value(const char* encoded) : encoded_(encoded) {}

  [[nodiscard]] ValueType type() const { return static_cast<ValueType>(*encoded_); }

  // The bytes of an S or a B, the encoded number of an N.
  [[nodiscard]] std::string_view bytes() const {
    const char* position = encoded_ + 1;
    return ReadBytes(&position);
  }
  [[nodiscard]] bool boolean() const { return encoded_[1] != 0; }
  [[nodiscard]] SetView set() const;
  [[nodiscard]] ListView list() const;
  [[nodiscard]] MapView map() const;

  // All bytes of the value, from its type byte on.
  [[nodiscard]] std::string_view encoded() const { return {encoded_, EncodedSize()}; }
  [[nodiscard]] std::size_t EncodedSize() const;

  bool operator==(const Value& other) const { return encoded() == other.encoded(); }

 private:
  // The bytes after the size of a set, list or map.
  [[nodiscard]] std::string_view Contents() const {
    std::uint32_t size = 0;
    std::memcpy(&size, encoded_ + 1, sizeof size);
    return {encoded_ + 1 + sizeof size, size};
  }
  const char* encoded_;
};

// Walks packed elements that stand one after the other. `Element` says how to read and skip one:
//   using Type = …;  static Type Read(const char*);  static const char* Skip(const char*);
template <class Element>
class PackedIterator {
 public:
  using value_type = typename Element::Type;
  using difference_type = std::ptrdiff_t;
  PackedIterator() = default;
  explicit PackedIterator(const char* position) : position_(position) {}
  value_type operator*() const { return Element::Read(position_); }
  PackedIterator& operator++() {
    position_ = Element::Skip(position_);
    return *this;
  }
  PackedIterator operator++(int) {
    PackedIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const PackedIterator& other) const = default;
  // Where the element's bytes start.
  [[nodiscard]] const char* position() const { return position_; }

 private:
  const char* position_ = nullptr;
};

// What sets, lists and maps have in common.
template <class Element>
class PackedRange {
 public:
  using Iterator = PackedIterator<Element>;
  PackedRange() = default;
  explicit PackedRange(std::string_view contents) : contents_(contents) {}
  [[nodiscard]] Iterator begin() const { return Iterator(contents_.data()); }
  [[nodiscard]] Iterator end() const { return Iterator(contents_.data() + contents_.size()); }
  [[nodiscard]] bool empty() const { return contents_.empty(); }
  // Linear: the packed form holds no counts.
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(std::distance(begin(), end()));
  }
  [[nodiscard]] std::string_view contents() const { return contents_; }
  bool operator==(const PackedRange& other) const { return contents_ == other.contents_; }

 private:
  std::string_view contents_;
};

struct PackedBytes {
  using Type = std::string_view;
  static Type Read(const char* position) { return ReadBytes(&position); }
  static const char* Skip(const char* position) {
    ReadBytes(&position);
    return position;
  }
};

struct PackedValue {
  using Type = Value;
  static Type Read(const char* position) { return Value(position); }
  static const char* Skip(const char* position) { return position + Value(position).EncodedSize(); }
};

struct PackedEntry {
  struct Type {
    std::string_view name;
    Value value;
  };
  static Type Read(const char* position) {
    const std::string_view name = ReadBytes(&position);
    return {name, Value(position)};
  }
  static const char* Skip(const char* position) {
    ReadBytes(&position);
    return PackedValue::Skip(position);
  }
};

// The elements of an SS, NS or BS, ascending.
class SetView : public PackedRange<PackedBytes> {
 public:
  using PackedRange::PackedRange;
  [[nodiscard]] bool Contains(std::string_view element) const;
};

// The elements of an L.
class ListView : public PackedRange<PackedValue> {
 public:
  using PackedRange::PackedRange;
  [[nodiscard]] std::optional<Value> At(std::size_t index) const;
};

// The entries of an M, or the attributes of an item, ascending by name.
class MapView : public PackedRange<PackedEntry> {
 public:
  using PackedRange::PackedRange;
  using Entry = PackedEntry::Type;
  [[nodiscard]] std::optional<Value> Find(std::string_view name) const;
};

inline SetView Value::set() const {
  return SetView(Contents());
}
inline ListView Value::list() const {
  return ListView(Contents());
}
inline MapView Value::map() const {
  return MapView(Contents());
}

// Bytes that DynamoDB counts for a value, without the name it has in its item or map:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
std::size_t AwsSize(Value value);
// Bytes that DynamoDB counts for attributes with their names: the size of an item.
std::size_t AwsSize(MapView attributes);

// Levels of lists and maps: 0 for a scalar or set, 1 for a list or map of scalars.
std::size_t NestingDepth(Value value);

}  // namespace weir
