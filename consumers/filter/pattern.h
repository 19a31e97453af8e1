// SPDX-License-Identifier: Apache-2.0
// Filter patterns: which records an event source mapping passes on
// (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html). They are
// EventBridge's patterns, and match as AWS's engine does (https://github.com/aws/event-ruler).
//
//   {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"state": {"S": [{"prefix": "open"}]}}}}
//
// A field of the record that is an array has each of its elements as a value. Several fields within
// objects in the same array must be found in the same object.
//
// Immutable once parsed, so threads may match with them together. Matching allocates nothing. It
// goes through the record once for each combination of `$or` and, at each element of an array,
// through the fields that are sought there.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/filter/fault.h"
#include "consumers/filter/leaf.h"
#include "consumers/filter/pattern_parser.h"
#include "core/result.h"
#include "protocol/json_tree.h"

namespace weir::consumers {

class FilterPattern {
 public:
  // Refuses what AWS refuses, and patterns beyond the bounds of pattern_parser.h.
  static Result<FilterPattern, FilterFault> Parse(std::string_view text);

  // Whether `record` matches; what is not an object does not.
  [[nodiscard]] bool Matches(const protocol::JsonNode& record) const;

 private:
  // The paths of an alternative as a tree of names.
  struct Step {
    std::string name;
    std::vector<Step> next;  // by name
    // If a path ends here: the field's number in the order of the paths.
    std::optional<std::uint16_t> field;
    // The fields whose paths lead on from here; they follow each other.
    std::uint16_t first = 0;
    std::uint16_t last = 0;
  };

  struct Alternative {
    Step root;
    std::vector<std::uint16_t> tests;  // for each field, the index of its test
  };

  // A value for each field of an alternative.
  using Fields = std::bitset<kMaxFields>;
  struct Found {
    Fields present;
    Fields matched;
  };

  class Search;

  // Where the step with the name is in `steps`, or should be.
  template <class Steps>
  static auto Seek(Steps& steps, std::string_view name);
  static void AddPath(std::string_view path, std::uint16_t field, Step& root);

  std::vector<LeafTest> tests_;
  std::vector<Alternative> alternatives_;
};

// The patterns of a mapping. A record passes if it matches one of them, or if there are none.
class FilterCriteria {
 public:
  FilterCriteria() = default;
  // Fails with the fault of the first pattern that is refused.
  static Result<FilterCriteria, FilterFault> Parse(std::span<const std::string> patterns);

  [[nodiscard]] bool empty() const { return patterns_.empty(); }
  [[nodiscard]] bool Passes(const protocol::JsonNode& record) const;

 private:
  std::vector<FilterPattern> patterns_;
};

}  // namespace weir::consumers
