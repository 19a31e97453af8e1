// SPDX-License-Identifier: Apache-2.0
// Fingerprints of requests: they show whether two requests with the same ClientRequestToken ask for
// the same thing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "services/dynamodb/common/fields.h"

namespace weir::dynamodb {

// 128 bits of a hash.
using Fingerprint = std::array<std::uint64_t, 2>;

// Writes what a request asks for as bytes, and hashes them. Two requests give the same bytes only
// if all their members are equal, however their JSON was written.
class FingerprintWriter {
 public:
  void Add(std::string_view text) {
    Add(static_cast<std::uint64_t>(text.size()));
    bytes_.append(text);
  }
  void Add(const std::string& text) { Add(std::string_view(text)); }
  void Add(std::uint64_t number) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      bytes_.push_back(static_cast<char>((number >> shift) & 0xFFU));
    }
  }
  void Add(const Item& item) {
    Add(static_cast<std::uint64_t>(static_cast<bool>(item)));
    Add(item.attributes().contents());
  }
  void Add(const CheckedItem& checked) { Add(checked.item); }
  void Add(const ExpressionValues& values) { Add(values.values); }
  void Add(const NameMap& names) {
    Add(static_cast<std::uint64_t>(names.size()));
    for (const auto& [placeholder, name] : names) {
      Add(placeholder);
      Add(name);
    }
  }
  template <Enumeration Enum>
  void Add(Enum value) {
    Add(static_cast<std::uint64_t>(value));
  }
  template <class T>
  void Add(const std::optional<T>& value) {
    Add(static_cast<std::uint64_t>(value.has_value()));
    if (value.has_value()) {
      Add(*value);
    }
  }
  template <class T>
  void Add(const std::vector<T>& list) {
    Add(static_cast<std::uint64_t>(list.size()));
    for (const T& element : list) {
      Add(element);
    }
  }
  template <Structure Struct>
  void Add(const Struct& structure) {
    std::apply([&](const auto&... field) { (Add(structure.*field.member), ...); },
               Struct::Fields());
  }

  [[nodiscard]] Fingerprint Finish() const;

 private:
  std::string bytes_;
};

}  // namespace weir::dynamodb
