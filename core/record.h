// SPDX-License-Identifier: Apache-2.0
// Records: values as bytes, for what outlives the process.
//
//   unsigned := LEB128 varint           signed   := zigzag, then unsigned
//   bool     := one byte, 0 or 1        enum     := unsigned
//   text     := size byte*              optional := 0 | 1 value
//   list     := size value*             size     := unsigned
//
// An enum has a record if there is a function RecordRange(const Enum*) that returns a pair of its
// first and its last value. A struct has a record if there is a function RecordMembers(const
// Struct*) that returns a tuple of pointers to its members. These are written in that order,
// without names. So a change of the tuple is a change of the format of every record that has such a
// struct in it.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace weir {

template <class T>
concept Recorded = requires {
  RecordMembers(static_cast<const T*>(nullptr));
};

template <class T>
concept RecordedEnum = std::is_enum_v<T> && requires {
  RecordRange(static_cast<const T*>(nullptr));
};

// Appends values to a string.
class RecordWriter {
 public:
  explicit RecordWriter(std::string& out) : out_(out) {}

  // Writes the values one after the other.
  template <class... T>
  void Write(const T&... values) {
    (Put(values), ...);
  }

  void Put(std::uint64_t number) {
    constexpr unsigned kBits = 7;
    constexpr std::uint64_t kMore = 0x80;
    for (; number >= kMore; number >>= kBits) {
      out_.push_back(static_cast<char>(number | kMore));
    }
    out_.push_back(static_cast<char>(number));
  }
  void Put(std::int64_t number) {
    Put((static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63));
  }
  void Put(std::uint32_t number) { Put(std::uint64_t{number}); }
  void Put(bool value) { out_.push_back(value ? '\1' : '\0'); }
  void Put(double value) {
    std::uint64_t bits = 0;
    static_assert(sizeof bits == sizeof value);
    __builtin_memcpy(&bits, &value, sizeof bits);
    Put(bits);
  }
  void Put(std::chrono::duration<std::int64_t, std::micro> time) { Put(time.count()); }
  void Put(std::string_view text) {
    Put(static_cast<std::uint64_t>(text.size()));
    out_.append(text);
  }
  void Put(const std::string& text) { Put(std::string_view(text)); }
  template <RecordedEnum T>
  void Put(T value) {
    Put(static_cast<std::uint64_t>(value));
  }
  template <class T>
  void Put(const std::optional<T>& value) {
    Put(value.has_value());
    if (value.has_value()) {
      Put(*value);
    }
  }
  template <class T>
  void Put(const std::shared_ptr<const T>& value) {
    Put(value != nullptr);
    if (value != nullptr) {
      Put(*value);
    }
  }
  template <class T, class U>
  void Put(const std::pair<T, U>& pair) {
    Put(pair.first);
    Put(pair.second);
  }
  template <class T>
  void Put(const std::vector<T>& list) {
    PutAll(list);
  }
  template <class T, class Order>
  void Put(const std::set<T, Order>& list) {
    PutAll(list);
  }
  template <class Key, class T, class Order>
  void Put(const std::map<Key, T, Order>& map) {
    PutAll(map);
  }
  template <Recorded T>
  void Put(const T& value) {
    std::apply([&](const auto... member) { (Put(value.*member), ...); }, RecordMembers(&value));
  }

 private:
  template <class List>
  void PutAll(const List& list) {
    Put(static_cast<std::uint64_t>(list.size()));
    for (const auto& value : list) {
      Put(value);
    }
  }

  std::string& out_;
};

// Reads what a RecordWriter wrote. Never reads beyond the end: a record that is too short, or that
// no writer makes, sets failed(), and what is read after that is empty or 0.
class RecordReader {
 public:
  // `record` must live as long as the texts that Text() returns.
  explicit RecordReader(std::string_view record) : rest_(record) {}

  [[nodiscard]] bool failed() const { return failed_; }
  // Whether all was read, and nothing failed.
  [[nodiscard]] bool finished() const { return !failed_ && rest_.empty(); }
  // For a caller that finds out what the bytes alone do not show.
  void Fail() {
    failed_ = true;
    rest_ = {};
  }

  // Reads the values one after the other.
  template <class... T>
  void Read(T&... values) {
    (Get(values), ...);
  }

  // A text, where it stands in the record.
  std::string_view Text() {
    const std::uint64_t size = Unsigned();
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  std::uint64_t Unsigned() {
    constexpr unsigned kBits = 7;
    constexpr unsigned kLastShift = 63;
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift <= kLastShift && !rest_.empty(); shift += kBits) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) {
        return number;
      }
    }
    Fail();
    return 0;
  }

  void Get(std::uint64_t& number) { number = Unsigned(); }
  void Get(std::int64_t& number) {
    const std::uint64_t zigzag = Unsigned();
    number = static_cast<std::int64_t>((zigzag >> 1U) ^ (0 - (zigzag & 1U)));
  }
  void Get(std::uint32_t& number) { number = static_cast<std::uint32_t>(Unsigned()); }
  void Get(bool& value) {
    const std::uint64_t byte = Unsigned();
    if (byte > 1) {
      Fail();
    }
    value = byte == 1;
  }
  void Get(double& value) {
    const std::uint64_t bits = Unsigned();
    __builtin_memcpy(&value, &bits, sizeof value);
  }
  void Get(std::chrono::duration<std::int64_t, std::micro>& time) {
    std::int64_t count = 0;
    Get(count);
    time = std::chrono::duration<std::int64_t, std::micro>(count);
  }
  void Get(std::string& text) { text = Text(); }
  template <RecordedEnum T>
  void Get(T& value) {
    const std::uint64_t number = Unsigned();
    const auto [first, last] = RecordRange(&value);
    if (number < static_cast<std::uint64_t>(first) || number > static_cast<std::uint64_t>(last)) {
      Fail();
      return;
    }
    value = static_cast<T>(number);
  }
  template <class T>
  void Get(std::optional<T>& value) {
    value.reset();
    if (Has()) {
      Get(value.emplace());
    }
  }
  template <class T>
  void Get(std::shared_ptr<const T>& value) {
    value.reset();
    if (Has()) {
      constexpr int kDeepest = 16;
      if (++depth_ > kDeepest) {
        Fail();
        return;
      }
      auto read = std::make_shared<T>();
      Get(*read);
      value = std::move(read);
      --depth_;
    }
  }
  template <class T, class U>
  void Get(std::pair<T, U>& pair) {
    Get(pair.first);
    Get(pair.second);
  }
  template <class T>
  void Get(std::vector<T>& list) {
    list.clear();
    GetAll([&] { Get(list.emplace_back()); });
  }
  template <class T, class Order>
  void Get(std::set<T, Order>& list) {
    list.clear();
    GetAll([&] {
      T value{};
      Get(value);
      list.insert(list.end(), std::move(value));
    });
  }
  template <class Key, class T, class Order>
  void Get(std::map<Key, T, Order>& map) {
    map.clear();
    GetAll([&] {
      std::pair<Key, T> entry;
      Get(entry);
      map.insert(map.end(), std::move(entry));
    });
  }
  template <Recorded T>
  void Get(T& value) {
    std::apply([&](const auto... member) { (Get(value.*member), ...); }, RecordMembers(&value));
  }

 private:
  bool Has() {
    bool has = false;
    Get(has);
    return has;
  }
  template <class GetOne>
  void GetAll(const GetOne& get_one) {
    const std::uint64_t size = Unsigned();
    if (size > rest_.size()) {  // every value takes a byte, or more
      Fail();
      return;
    }
    for (std::uint64_t i = 0; i < size && !failed_; ++i) {
      get_one();
    }
  }

  std::string_view rest_;
  int depth_ = 0;  // how many shared values are being read, one within the other
  bool failed_ = false;
};

}  // namespace weir
