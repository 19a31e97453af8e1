// SPDX-License-Identifier: Apache-2.0
// Writes values in the packed form of core/value.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/value.h"

namespace weir {

// Builds one item (or one map's contents) at a time. It keeps its buffers, so reuse the writer.
//
//   writer.BeginItem();
//   writer.Name("pk"); writer.String("a");
//   Item item = writer.FinishItem();
//
// Names may come in any order; of equal names the last one counts. Not thread-safe.
class ValueWriter {
 public:
  void BeginItem();
  // Ends the item begun by BeginItem. The writer can be used again.
  Item FinishItem();
  // Ends the item, but returns it as the bytes of a map's contents, valid until the next call.
  std::string_view FinishContents();

  // Inside a map, each value is preceded by its name. A name without a value removes the value
  // written under that name before.
  void Name(std::string_view name);

  void String(std::string_view text) { Scalar(ValueType::kString, text); }
  void Binary(std::string_view bytes) { Scalar(ValueType::kBinary, bytes); }
  void Number(std::string_view encoded) { Scalar(ValueType::kNumber, encoded); }
  void Bool(bool value);
  void Null();
  // `elements` must be ascending and distinct; numbers encoded.
  void Set(ValueType type, std::span<const std::string_view> elements);
  void BeginMap();
  void EndMap();
  void BeginList();
  void EndList();
  void Copy(Value value) { Raw(value.encoded()); }

 private:
  struct Entry {
    std::size_t begin;  // where the name's length starts
    std::size_t name;   // where the name's bytes start
    std::size_t name_size;
    std::size_t end;
    [[nodiscard]] bool has_value() const { return end > name + name_size; }
  };
  // An open map or list.
  struct Frame {
    std::size_t contents;     // where its contents start in buffer_
    std::size_t first_entry;  // where its entries start in entries_
    bool is_map;
  };

  void Raw(std::string_view encoded);
  void Scalar(ValueType type, std::string_view bytes);
  void Length(std::size_t length);
  void Begin(ValueType type, bool is_map);
  void End();
  void CloseEntry();
  void SortEntries(const Frame& frame);
  [[nodiscard]] std::string_view NameOf(const Entry& entry) const {
    return std::string_view(buffer_).substr(entry.name, entry.name_size);
  }

  std::string buffer_;
  std::string scratch_;
  std::vector<Entry> entries_;
  std::vector<Frame> frames_;
};

}  // namespace weir
