// SPDX-License-Identifier: Apache-2.0
// Writes response structs as JSON, by their Fields().
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "protocol/json_text.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/wire/attribute_value.h"

namespace weir::dynamodb {

inline void AppendJson(const std::string& text, std::string& out) {
  protocol::AppendJsonString(text, out);
}
inline void AppendJson(std::int64_t number, std::string& out) {
  protocol::AppendJsonInteger(number, out);
}
inline void AppendJson(double number, std::string& out) {
  protocol::AppendJsonDouble(number, out);
}
inline void AppendJson(bool value, std::string& out) {
  out.append(value ? "true" : "false");
}
inline void AppendJson(Timestamp time, std::string& out) {
  protocol::AppendJsonTime(time.time, out);
}
inline void AppendJson(TimestampSeconds time, std::string& out) {
  protocol::AppendJsonInteger(std::chrono::duration_cast<std::chrono::seconds>(time.time).count(),
                              out);
}
inline void AppendJson(const Item& item, std::string& out) {
  AppendAttributes(item.attributes(), out);
}
inline void AppendJson(const NoContent& /*nothing*/, std::string& /*out*/) {}
void AppendJson(const KeyAttributes& keys, std::string& out);
void AppendJson(const NameMap& names, std::string& out);

template <Enumeration Enum>
void AppendJson(Enum value, std::string& out) {
  protocol::AppendJsonString(NameOf(value), out);
}

template <class T>
void AppendJson(const std::vector<T>& list, std::string& out);

template <class T>
void AppendJson(const MapOf<T>& map, std::string& out);

template <Structure Struct>
void AppendJson(const Struct& structure, std::string& out);

// Whether a member of a response is written: nullopt and no item are left out.
template <class T>
bool IsPresent(const T& /*member*/) {
  return true;
}
template <class T>
bool IsPresent(const std::optional<T>& member) {
  return member.has_value();
}
inline bool IsPresent(const Item& member) {
  return static_cast<bool>(member);
}

template <class T>
void AppendJson(const std::optional<T>& value, std::string& out) {
  AppendJson(*value, out);
}

template <class T>
void AppendJson(const std::vector<T>& list, std::string& out) {
  out.push_back('[');
  for (const T& element : list) {
    if (&element != &list.front()) {
      out.push_back(',');
    }
    AppendJson(element, out);
  }
  out.push_back(']');
}

template <class T>
void AppendJson(const MapOf<T>& map, std::string& out) {
  out.push_back('{');
  for (const auto& entry : map.entries) {
    if (&entry != &map.entries.front()) {
      out.push_back(',');
    }
    protocol::AppendJsonString(entry.first, out);
    out.push_back(':');
    AppendJson(entry.second, out);
  }
  out.push_back('}');
}

template <Structure Struct>
void AppendJson(const Struct& structure, std::string& out) {
  char before = '{';
  const auto append = [&](const auto& field) {
    const auto& member = structure.*field.member;
    if (IsPresent(member)) {
      protocol::AppendJsonName(before, field.name, out);
      AppendJson(member, out);
      before = ',';
    }
  };
  std::apply([&](const auto&... field) { (append(field), ...); }, Struct::Fields());
  if (before == '{') {
    out.push_back('{');
  }
  out.push_back('}');
}

}  // namespace weir::dynamodb
