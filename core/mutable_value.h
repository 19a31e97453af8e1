// SPDX-License-Identifier: Apache-2.0
// MutableValue: the tree that an update builds the next item from.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/value.h"
#include "core/value_writer.h"

namespace weir {

// An attribute value that can be changed in place. It starts as a view of a packed value and is
// taken apart one level at a time, only where something below it changes; the rest stays packed and
// is copied as bytes when the result is written.
//
// Borrows the packed values it is given, unless by Copy: their buffers must outlive it. Two
// MutableValues are equal if they would be written as the same bytes. Not thread-safe.
//
// Indices of a list always refer to the list as it was before all changes: erasing an element does
// not move the ones after it, and elements set past the end are appended in the order of their
// index. This is how UpdateItem reads indices, and it makes the order of changes irrelevant.
class MutableValue {
 public:
  // A view of `packed`.
  explicit MutableValue(Value packed);
  // A map of `attributes`, such as a whole item.
  explicit MutableValue(MapView attributes);
  // Owns a copy of `packed`.
  static MutableValue Copy(Value packed);
  static MutableValue Number(std::string_view encoded);

  MutableValue(const MutableValue& other);
  MutableValue(MutableValue&& other) noexcept;
  MutableValue& operator=(const MutableValue& other);
  MutableValue& operator=(MutableValue&& other) noexcept;
  ~MutableValue();

  [[nodiscard]] ValueType type() const;

  // A member of a map or an element of a list, to be changed in place; nullptr if this is not a map
  // (list) or has no such member (element). Valid until the map (list) itself is changed.
  MutableValue* Member(std::string_view name);
  MutableValue* Element(std::size_t index);

  // Adds or replaces a member (element). False if this is not a map (list).
  bool SetMember(std::string_view name, MutableValue value);
  bool SetElement(std::size_t index, MutableValue value);

  // Removes a member (element), if there is one. False if this is not a map (list).
  bool EraseMember(std::string_view name);
  bool EraseElement(std::size_t index);

  // Writes the value, where `writer` expects one.
  void Write(ValueWriter& writer) const;
  // Writes the members of a map into the map (or item) that is open in `writer`.
  void WriteMembers(ValueWriter& writer) const;

  friend bool operator==(const MutableValue& a, const MutableValue& b);

 private:
  struct MapEntry;
  struct ListEntry;
  using Map = std::vector<MapEntry>;  // ascending by name
  // Ascending by index. An erased element is not in it, and the others keep their index.
  using List = std::vector<ListEntry>;

  explicit MutableValue(std::string encoded);
  // The packed form; nullptr once the value has been taken apart.
  [[nodiscard]] const char* Packed() const;
  Map* ExpandMap();
  List* ExpandList();

  std::variant<Value, std::string, Map, List> state_;
};

struct MutableValue::MapEntry {
  std::string name;
  MutableValue value;
};

struct MutableValue::ListEntry {
  std::size_t index;
  MutableValue value;
};

static_assert(std::is_nothrow_move_constructible_v<MutableValue>);
static_assert(std::is_nothrow_move_assignable_v<MutableValue>);

}  // namespace weir
