// SPDX-License-Identifier: Apache-2.0
// How request and response structs name their members on the wire.
//
// Each struct has `static constexpr auto Fields()`, a tuple of Field. By that, templates in
// services/dynamodb/wire fill a request from JSON and write a response as JSON; operations see
// neither.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/api_error.h"
#include "core/clock.h"
#include "core/item.h"
#include "core/key.h"

namespace weir::dynamodb {

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
};
template <class Struct, class Member>
Field(std::string_view, Member Struct::*) -> Field<Struct, Member>;

template <class T>
concept Structure = requires {
  T::Fields();
};

template <class T>
concept Enumeration = std::is_enum_v<T>;

// What a member's type means on the wire:
//   std::string, std::int64_t, double, bool    the plain value; required in a request
//   std::optional<T>                           a member that may be left out: nullopt
//   std::vector<T>                             a list; required in a request
//   a struct with Fields()                     a structure
//   an enum with EnumNames<E>                  a string
//   Item                                       attributes by name; left out when it is no item
//   MapOf<T>                                   a map of values by name
//   and the types below.

// ExpressionAttributeNames, in the order of the request.
using NameMap = std::vector<std::pair<std::string, std::string>>;

// ExpressionAttributeValues: a packed map by placeholder. A fault in a value is kept for Validate,
// since the service looks for other faults first.
struct ExpressionValues {
  Item values;  // no item if the request does not have the member, or if there is a fault
  std::optional<ApiError> fault;
};

// An item or key of a transaction. A fault in it is kept for Validate, since the service checks the
// transaction action by action.
struct CheckedItem {
  Item item;  // no item if there is a fault
  std::optional<ApiError> fault;
};

// A point in time: seconds with three decimals.
struct Timestamp {
  Micros time{0};
};

// A point in time in whole seconds, as stream records have it.
struct TimestampSeconds {
  Micros time{0};
};

// ExclusiveStartKey: attributes, or no item. A bad value in it has a text of its own.
struct StartKey {
  Item key;
};

// A map on the wire, in the order of the request.
template <class T>
struct MapOf {
  std::vector<std::pair<std::string, T>> entries;
};

// A request member of which only the presence counts.
struct Presence {};

// A resource policy. A fault in it is kept for Validate, since the service looks for other faults
// first.
struct PolicyDocument {
  std::string text;  // as GetResourcePolicy gives it back
  std::optional<ApiError> fault;
  // Under this policy nobody may put another one.
  bool locks_out = false;
};

// The answer of an operation whose answers have no body at all.
struct NoContent {};

// Adds to a list that an answer leaves out when it is empty.
template <class T>
void Append(std::optional<std::vector<T>>& list, T element) {
  if (!list.has_value()) {
    list.emplace();
  }
  list->push_back(std::move(element));
}

// The key attributes of an item. The schema must outlive the answer.
struct KeyAttributes {
  Item image;
  const KeySchema* schema = nullptr;
};

// The spellings of an enum's values. Specialised beside each enum.
template <class Enum>
struct EnumNames;

template <class Enum>
using EnumName = std::pair<std::string_view, Enum>;

// How a value is spelled on the wire.
template <Enumeration Enum>
std::string_view NameOf(Enum value) {
  for (const auto& [name, candidate] : EnumNames<Enum>::kNames) {
    if (candidate == value) {
      return name;
    }
  }
  return {};
}

}  // namespace weir::dynamodb
