// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets for expressions read from a fuzzer's bytes, and the checks that they share.
//
//   input := text | text '|' choices          the last bar counts, so a text may hold bars
//
// `text` is the expression. `choices` build the names, values and items that go with it: each byte
// picks one thing (a type, a name, a digit). Any bytes make valid ones. Without choices there is a
// fixed set with values of every type, so that seeds can be plain expressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api_error.h"
#include "core/item.h"
#include "core/value_writer.h"
#include "expression/placeholders.h"

namespace weir::fuzz {

// Bytes that are used up from the front; zeros follow after their end.
class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}
  unsigned Byte();
  // 0..count-1
  std::size_t Below(std::size_t count) { return Byte() % count; }
  template <std::size_t size>
  std::string_view Pick(const std::string_view (&from)[size]) {
    return from[Below(size)];
  }

 private:
  std::string_view bytes_;
};

// Writes a value to `writer`, with at most `depth` lists and maps around its scalars.
void WriteValue(Choices& choices, ValueWriter& writer, unsigned depth);

struct ExpressionInput {
  ExpressionInput(const std::uint8_t* data, std::size_t size);

  // Fresh substitutions, as each request has them.
  [[nodiscard]] expression::Placeholders MakePlaceholders() const {
    return {expression::Placeholders::NameList(names), values.attributes()};
  }

  std::string_view text;
  std::vector<std::pair<std::string, std::string>> names;  // "#a" and what it stands for
  Item values;                                             // ":n" and what it stands for
  std::vector<Item> items;                                 // to evaluate the expression on
};

// Checks that a refusal is a ValidationException with a text that can be sent to a client.
void CheckRefusal(const ExpressionInput& input, const ApiError& error);

// Checks that an item is in its canonical form: written as JSON and read again it has the same
// bytes and the same size. Skips items that are nested deeper than requests may be.
void CheckCanonical(const ExpressionInput& input, const Item& item);

// Whether `part` is `whole` with members and elements left out. The others must keep their order.
bool IsPartOf(MapView part, MapView whole);

}  // namespace weir::fuzz
