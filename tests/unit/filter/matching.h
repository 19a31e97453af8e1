// SPDX-License-Identifier: Apache-2.0
// What the tests of filter patterns have in common.
#pragma once

#include <catch2/catch.hpp>
#include <span>
#include <string>
#include <string_view>

#include "consumers/filter/pattern.h"
#include "protocol/json_tree.h"

namespace weir::consumers {

struct MatchCase {
  std::string_view purpose;  // empty where the case says it itself
  std::string_view pattern;
  std::string_view record;
  bool matches;
};

inline bool PatternMatches(std::string_view pattern, std::string_view record) {
  const auto parsed = FilterPattern::Parse(pattern);
  INFO((parsed.ok() ? std::string() : parsed.error().text));
  REQUIRE(parsed.ok());
  const auto tree = protocol::JsonTree::Parse(record);
  REQUIRE(tree);
  return parsed.value().Matches(tree->root());
}

inline void CheckMatches(std::span<const MatchCase> cases) {
  for (const MatchCase& test : cases) {
    INFO(test.purpose << "\n  pattern " << test.pattern << "\n  record  " << test.record);
    CHECK(PatternMatches(test.pattern, test.record) == test.matches);
  }
}

// A case for the value of one field: the array that the pattern has for it, and the value.
struct ValueCase {
  std::string_view leaf;
  std::string_view value;
  bool matches;
};

inline void CheckValues(std::span<const ValueCase> cases) {
  for (const ValueCase& test : cases) {
    INFO(test.leaf << " and " << test.value);
    const std::string pattern = R"({"v":)" + std::string(test.leaf) + "}";
    CHECK(PatternMatches(pattern, R"({"v":)" + std::string(test.value) + "}") == test.matches);
  }
}

}  // namespace weir::consumers
