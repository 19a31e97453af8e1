// SPDX-License-Identifier: Apache-2.0
#include "expression/placeholders.h"

#include <algorithm>
#include <numeric>

#include "expression/tokens.h"

namespace weir::expression {
namespace {

constexpr std::size_t kMaxPlaceholderSize = 255;
// One less than 64 KB:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
constexpr std::size_t kMaxNameSize = 65535;

ApiError KeyFault(std::string_view member, std::string_view text) {
  ApiError fault =
      ValidationError(std::string(member).append(" contains invalid key: ").append(text));
  fault.bare = true;  // observed on AWS, also from operations that envelope all other faults
  return fault;
}

// Checks a key of either map. The maps' texts differ only for a key that is too long.
Status CheckKey(std::string_view member, std::string_view key, char sign) {
  if (key.empty()) {
    return KeyFault(member, "The expression attribute map contains an empty key;");
  }
  if (key.size() > kMaxPlaceholderSize) {
    std::string text = "The expression attribute map contains a key that is too long;";
    if (sign == '#') {
      text.append(" size of key: ").append(std::to_string(key.size()));
    }
    return KeyFault(member, text);
  }
  if (!IsPlaceholder(key, sign)) {
    return KeyFault(member, std::string("Syntax error; key: \"").append(key).append("\""));
  }
  return {};
}

void AppendKey(std::string& keys, std::string_view key) {
  keys.append(keys.empty() ? "{" : ", ").append(key);
}

Status Unused(std::string_view member, std::string_view keys) {
  if (keys.empty()) {
    return {};
  }
  return ValidationError(std::string("Value provided in ")
                             .append(member)
                             .append(" unused in expressions: keys: ")
                             .append(keys)
                             .append("}"));
}

}  // namespace

Placeholders::Placeholders(std::optional<NameList> names, std::optional<MapView> values,
                           TextLayer texts)
    : has_names_(names.has_value()), has_values_(values.has_value()), texts_(texts) {
  if (names.has_value()) {
    names_.reserve(names->size());
    for (const auto& [placeholder, name] : *names) {
      names_.push_back({placeholder, name, false});
    }
    order_.resize(names_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      return names_[a].placeholder < names_[b].placeholder;
    });
  }
  if (values.has_value()) {
    for (const MapView::Entry entry : *values) {
      values_.push_back({entry.name, entry.value, false});
    }
  }
}

Status Placeholders::CheckKeys() const {
  WEIR_RETURN_IF_ERROR(CheckNames());
  return CheckValues();
}

Status Placeholders::CheckNames() const {
  constexpr std::string_view kMember = "ExpressionAttributeNames";
  if (has_names_ && names_.empty()) {
    return ValidationError("ExpressionAttributeNames must not be empty");
  }
  for (const NameEntry& entry : names_) {
    WEIR_RETURN_IF_ERROR(CheckKey(kMember, entry.placeholder, '#'));
  }
  for (const NameEntry& entry : names_) {
    const std::string_view fault =
        entry.name.empty() ? "Empty attribute name"
        : entry.name.size() > kMaxNameSize
            ? "Attribute name is too large, must be less than 65536 bytes"
            : "";
    if (!fault.empty()) {
      return ValidationError(std::string(kMember)
                                 .append(" contains invalid value: ")
                                 .append(fault)
                                 .append(" for key ")
                                 .append(entry.placeholder));
    }
  }
  return {};
}

Status Placeholders::CheckValues() const {
  if (has_values_ && values_.empty()) {
    return ValidationError("ExpressionAttributeValues must not be empty");
  }
  for (const ValueEntry& entry : values_) {
    WEIR_RETURN_IF_ERROR(CheckKey("ExpressionAttributeValues", entry.placeholder, ':'));
  }
  return {};
}

Status Placeholders::CheckUnused() const {
  std::string keys;
  for (const NameEntry& entry : names_) {
    if (!entry.used) {
      AppendKey(keys, entry.placeholder);
    }
  }
  WEIR_RETURN_IF_ERROR(Unused("ExpressionAttributeNames", keys));
  for (const ValueEntry& entry : values_) {
    if (!entry.used) {
      AppendKey(keys, entry.placeholder);
    }
  }
  return Unused("ExpressionAttributeValues", keys);
}

std::optional<std::string_view> Placeholders::ResolveName(std::string_view placeholder) {
  const auto position = std::lower_bound(
      order_.begin(), order_.end(), placeholder,
      [this](std::size_t i, std::string_view key) { return names_[i].placeholder < key; });
  if (position == order_.end() || names_[*position].placeholder != placeholder) {
    return std::nullopt;
  }
  names_[*position].used = true;
  return names_[*position].name;
}

std::optional<Value> Placeholders::ResolveValue(std::string_view placeholder) {
  const auto entry = std::lower_bound(
      values_.begin(), values_.end(), placeholder,
      [](const ValueEntry& e, std::string_view key) { return e.placeholder < key; });
  if (entry == values_.end() || entry->placeholder != placeholder) {
    return std::nullopt;
  }
  entry->used = true;
  return entry->value;
}

}  // namespace weir::expression
