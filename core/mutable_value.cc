// SPDX-License-Identifier: Apache-2.0
#include "core/mutable_value.h"

#include <algorithm>

namespace weir {
namespace {

// The position of the first entry whose key is not less than `key`.
template <class Entries, class Key, class Member>
auto LowerBound(Entries& entries, const Key& key, Member member) {
  return std::lower_bound(entries.begin(), entries.end(), key,
                          [member](const auto& entry, const Key& k) { return entry.*member < k; });
}

}  // namespace

// Defined here, where the entries of maps and lists are complete types.
MutableValue::MutableValue(const MutableValue& other) = default;
MutableValue::MutableValue(MutableValue&& other) noexcept = default;
MutableValue& MutableValue::operator=(const MutableValue& other) = default;
MutableValue& MutableValue::operator=(MutableValue&& other) noexcept = default;
MutableValue::~MutableValue() = default;

MutableValue::MutableValue(Value packed) : state_(packed) {}
MutableValue::MutableValue(std::string encoded) : state_(std::move(encoded)) {}

MutableValue MutableValue::Copy(Value packed) {
  return MutableValue(std::string(packed.encoded()));
}

MutableValue::MutableValue(MapView attributes) : state_(Map()) {
  Map& map = *std::get_if<Map>(&state_);
  for (const MapView::Entry entry : attributes) {
    map.push_back({std::string(entry.name), MutableValue(entry.value)});
  }
}

MutableValue MutableValue::Number(std::string_view encoded) {
  std::string packed;
  packed.reserve(encoded.size() + 2);
  packed.push_back(static_cast<char>(ValueType::kNumber));
  packed.push_back(static_cast<char>(encoded.size()));  // far below 128, so one byte
  packed.append(encoded);
  return MutableValue(std::move(packed));
}

const char* MutableValue::Packed() const {
  if (const auto* borrowed = std::get_if<Value>(&state_)) {
    return borrowed->encoded().data();
  }
  const auto* owned = std::get_if<std::string>(&state_);
  return owned == nullptr ? nullptr : owned->data();
}

ValueType MutableValue::type() const {
  if (const char* packed = Packed()) {
    return Value(packed).type();
  }
  return std::holds_alternative<Map>(state_) ? ValueType::kMap : ValueType::kList;
}

// Members of an owned value are copied: its buffer is freed when the map takes its place.
MutableValue::Map* MutableValue::ExpandMap() {
  if (type() != ValueType::kMap) {
    return nullptr;
  }
  if (const char* packed = Packed()) {
    const bool owned = std::holds_alternative<std::string>(state_);
    Map map;
    for (const MapView::Entry entry : Value(packed).map()) {
      map.push_back(
          {std::string(entry.name), owned ? Copy(entry.value) : MutableValue(entry.value)});
    }
    state_ = std::move(map);
  }
  return std::get_if<Map>(&state_);
}

MutableValue::List* MutableValue::ExpandList() {
  if (type() != ValueType::kList) {
    return nullptr;
  }
  if (const char* packed = Packed()) {
    const bool owned = std::holds_alternative<std::string>(state_);
    List list;
    for (const Value element : Value(packed).list()) {
      list.push_back({list.size(), owned ? Copy(element) : MutableValue(element)});
    }
    state_ = std::move(list);
  }
  return std::get_if<List>(&state_);
}

MutableValue* MutableValue::Member(std::string_view name) {
  Map* map = ExpandMap();
  if (map == nullptr) {
    return nullptr;
  }
  const auto entry = LowerBound(*map, name, &MapEntry::name);
  return entry == map->end() || entry->name != name ? nullptr : &entry->value;
}

MutableValue* MutableValue::Element(std::size_t index) {
  List* list = ExpandList();
  if (list == nullptr) {
    return nullptr;
  }
  const auto entry = LowerBound(*list, index, &ListEntry::index);
  return entry == list->end() || entry->index != index ? nullptr : &entry->value;
}

bool MutableValue::SetMember(std::string_view name, MutableValue value) {
  Map* map = ExpandMap();
  if (map == nullptr) {
    return false;
  }
  const auto entry = LowerBound(*map, name, &MapEntry::name);
  if (entry != map->end() && entry->name == name) {
    entry->value = std::move(value);
  } else {
    map->insert(entry, {std::string(name), std::move(value)});
  }
  return true;
}

bool MutableValue::SetElement(std::size_t index, MutableValue value) {
  List* list = ExpandList();
  if (list == nullptr) {
    return false;
  }
  const auto entry = LowerBound(*list, index, &ListEntry::index);
  if (entry != list->end() && entry->index == index) {
    entry->value = std::move(value);
  } else {
    list->insert(entry, {index, std::move(value)});
  }
  return true;
}

bool MutableValue::EraseMember(std::string_view name) {
  Map* map = ExpandMap();
  if (map == nullptr) {
    return false;
  }
  const auto entry = LowerBound(*map, name, &MapEntry::name);
  if (entry != map->end() && entry->name == name) {
    map->erase(entry);
  }
  return true;
}

bool MutableValue::EraseElement(std::size_t index) {
  List* list = ExpandList();
  if (list == nullptr) {
    return false;
  }
  const auto entry = LowerBound(*list, index, &ListEntry::index);
  if (entry != list->end() && entry->index == index) {
    list->erase(entry);
  }
  return true;
}

void MutableValue::Write(ValueWriter& writer) const {
  if (const char* packed = Packed()) {
    writer.Copy(Value(packed));
  } else if (const List* list = std::get_if<List>(&state_)) {
    writer.BeginList();
    for (const ListEntry& entry : *list) {
      entry.value.Write(writer);
    }
    writer.EndList();
  } else {
    writer.BeginMap();
    WriteMembers(writer);
    writer.EndMap();
  }
}

void MutableValue::WriteMembers(ValueWriter& writer) const {
  if (const char* packed = Packed()) {
    for (const MapView::Entry entry : Value(packed).map()) {
      writer.Name(entry.name);
      writer.Copy(entry.value);
    }
  } else if (const Map* map = std::get_if<Map>(&state_)) {
    for (const MapEntry& entry : *map) {
      writer.Name(entry.name);
      entry.value.Write(writer);
    }
  }
}

bool operator==(const MutableValue& a, const MutableValue& b) {
  const auto pack = [](const MutableValue& value, ValueWriter& writer) {
    writer.BeginItem();
    writer.Name("");
    value.Write(writer);
    return writer.FinishContents();
  };
  ValueWriter left;
  ValueWriter right;
  return pack(a, left) == pack(b, right);
}

}  // namespace weir
