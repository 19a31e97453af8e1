// SPDX-License-Identifier: Apache-2.0
// Short functions that make packed values, for tests below the protocol.
#pragma once

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "core/item.h"
#include "core/key.h"
#include "core/number.h"
#include "core/value_writer.h"

namespace weir::testing {

// The encoding of a number. `text` must be a number.
inline std::string Num(std::string_view text) {
  const Result<EncodedNumber> number = ParseNumber(text);
  REQUIRE(number.ok());
  return std::string(number.value().view());
}

// An item whose attributes are all strings.
inline Item StringItem(
    std::initializer_list<std::pair<std::string_view, std::string_view>> attributes) {
  ValueWriter writer;
  writer.BeginItem();
  for (const auto& [name, text] : attributes) {
    writer.Name(name);
    writer.String(text);
  }
  return writer.FinishItem();
}

// The text of a string attribute; "-" if it is missing.
inline std::string TextOf(const Item& item, std::string_view name) {
  const std::optional<Value> value = item.attributes().Find(name);
  return value.has_value() ? std::string(value->bytes()) : "-";
}

// A table key of one string, "pk".
inline KeySchema StringKeySchema() {
  return {{"pk", ValueType::kString}, std::nullopt};
}

inline PrimaryKey StringKey(std::string_view partition) {
  Result<PrimaryKey> key =
      PrimaryKey::OfRequest(StringKeySchema(), StringItem({{"pk", partition}}).attributes());
  REQUIRE(key.ok());
  return std::move(key).value();
}

}  // namespace weir::testing
