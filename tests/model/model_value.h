// SPDX-License-Identifier: Apache-2.0
// Attribute values of the model: JSON as the service would answer it.
//
// A value is what stands on the wire, {"S":"a"}, in its canonical form: numbers as the service
// prints them, sets in ascending order. Then two values are equal when their JSON is, and a model's
// item can be held against an answer as it is. Nothing here knows the packed form or its encodings.
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

// "S", "N" and so on, and what stands behind it.
inline const std::string& TypeOf(const Json& value) {
  return value.begin().key();
}
inline const Json& ContentOf(const Json& value) {
  return value.begin().value();
}
bool IsSet(const Json& value);

// The canonical form of a value, or of an item's attributes, as a client may spell it.
Json Canonical(const Json& value);
Json CanonicalItem(const Json& item);

// The order of two values of the same of the types S, N and B; nullopt for any others.
std::optional<int> Order(const Json& a, const Json& b);

// Bytes as AWS counts them:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
std::size_t ValueSize(const Json& value);
std::size_t ItemSize(const Json& item);
// Levels of lists and maps below an attribute of the item.
std::size_t Depth(const Json& item);

// What the function size() gives: characters (UTF-16), bytes or elements.
std::optional<std::size_t> SizeFunction(const Json& value);

// Elements of two sets of one type; the results are ascending.
Json Union(const Json& a, const Json& b);
// Null when nothing is left.
Json Difference(const Json& a, const Json& b);

std::string EncodeBase64(std::string_view bytes);
std::string DecodeBase64(std::string_view text);

}  // namespace weir::model
