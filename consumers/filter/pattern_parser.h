// SPDX-License-Identifier: Apache-2.0
// Reads a filter pattern into alternatives without `$or`, of which a record has to match one:
//
//   {"a": ["1"], "$or": [{"b": {"c": ["2"]}}, {"d": ["3"]}]}  ->  a and b.c, or a and d
//
// A field is known by its path, the names on the way to it with points between them. So a name
// with a point is the same as nesting, for AWS as well. Of tests for the same path in an
// alternative the last counts.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/filter/fault.h"
#include "consumers/filter/leaf.h"
#include "core/result.h"

namespace weir::consumers {

// In UTF-16 code units
// (https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html). It also bounds the nesting, as
// each level takes four.
inline constexpr std::size_t kMaxPatternCharacters = 4096;
// The shortest field is `"a":[1],`.
inline constexpr std::size_t kMaxFields = kMaxPatternCharacters / 8;
// Bounds of ours for what `$or` multiplies: alternatives, and the fields of all of them together.
inline constexpr std::size_t kMaxAlternatives = 1000;
inline constexpr std::size_t kMaxFieldsOfAlternatives = 16384;

struct ParsedPattern {
  // From the path of a field to the index of its test.
  using Alternative = std::map<std::string, std::size_t, std::less<>>;

  std::vector<LeafTest> tests;
  std::vector<Alternative> alternatives;  // at least one
};

Result<ParsedPattern, FilterFault> ParsePattern(std::string_view text);

}  // namespace weir::consumers
