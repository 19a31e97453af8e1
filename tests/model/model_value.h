// SPDX-License-Identifier: Apache-2.0
// Attribute values of the model: JSON as the service would write it in an answer.
//
// A value is its JSON on the wire, {"S":"a"}, in a canonical form: numbers as the service prints
// them, sets in ascending order. So two values are equal if their JSON is, and an item of the model
// can be compared directly with an answer. Nothing here uses the packed form or its encodings.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/exact_decimal.h"

namespace weir::model {

using Json = nlohmann::json;
using testing::ExactDecimal;

// A value's type ("S", "N", ...), and its content.
inline const std::string& TypeOf(const Json& value) {
  return value.begin().key();
}
inline const Json& ContentOf(const Json& value) {
  return value.begin().value();
}
bool IsSet(const Json& value);

// The canonical form of a value or an item, which may be spelled in any way that a client may use.
Json Canonical(const Json& value);
Json CanonicalItem(const Json& item);

// The order of two values of one type: negative, 0 or positive. nullopt unless the type is S, N or
// B.
std::optional<int> Order(const Json& a, const Json& b);

// Bytes as AWS counts them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
std::size_t ValueSize(const Json& value);
std::size_t ItemSize(const Json& item);
// The most levels of lists and maps within an attribute of the item.
std::size_t Depth(const Json& item);

// The result of the function size(): UTF-16 units, bytes or elements; nullopt for N, BOOL and NULL.
std::optional<std::size_t> SizeFunction(const Json& value);

// The union and the difference of two sets of one type, in ascending order.
Json Union(const Json& a, const Json& b);
// Null if no element is left.
Json Difference(const Json& a, const Json& b);

std::string EncodeBase64(std::string_view bytes);
std::string DecodeBase64(std::string_view text);

}  // namespace weir::model
