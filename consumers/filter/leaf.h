// SPDX-License-Identifier: Apache-2.0
// What a filter pattern asks of one field of a record: the parsed form of a leaf of the pattern,
// such as `["a", {"prefix": "b"}, {"anything-but": ["c", "d"]}]`.
//
// Immutable once parsed, so threads may match with it together. Matching allocates nothing.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "consumers/filter/ip_address.h"
#include "consumers/filter/wildcard.h"
#include "protocol/json_tree.h"

namespace weir::consumers {

// null, true or false.
struct Word {
  protocol::JsonKind kind;
};

// A number that filters can't calculate with (scaled_number.h), and so compare as it is written.
struct LongNumber {
  protocol::JsonKind kind;
  std::int64_t integer;  // of a JsonKind::kInteger
  std::string text;      // of a JsonKind::kDecimal
};

// Numbers in millionths, both ends included: as there is nothing between two millionths, `> 5` is
// `>= 5.000001`. Empty if `first` is greater.
struct NumberRange {
  std::int64_t first;
  std::int64_t last;
};

// A text that equals, begins or ends with `text`, which is folded (case_folding.h) if the case is
// ignored.
struct TextTest {
  enum class Part : std::uint8_t { kWhole, kStart, kEnd };
  Part part = Part::kWhole;
  bool ignores_case = false;
  std::string text;
};

// Whatever is there: {"exists": true}.
struct Anything {};

using Operand = std::variant<Word, LongNumber, NumberRange, TextTest, IpRange, Wildcard, Anything>;

// Matches what one of the operands matches or, for `anything-but`, what none does.
struct ValueTest {
  bool anything_but = false;
  std::vector<Operand> operands;
};

struct LeafTest {
  // {"exists": false}: a record without the field matches.
  bool or_absent = false;
  std::vector<ValueTest> tests;

  // Whether `value`, neither an array nor an object, passes one of the tests.
  [[nodiscard]] bool Matches(const protocol::JsonNode& value) const;
};

}  // namespace weir::consumers
