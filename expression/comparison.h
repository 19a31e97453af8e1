// SPDX-License-Identifier: Apache-2.0
// The conditions of the older parameters Expected, QueryFilter, ScanFilter and KeyConditions:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.Conditions.html
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "core/value.h"

namespace weir::expression {

enum class ComparisonOperator : std::uint8_t {
  kEqual,
  kNotEqual,
  kLessOrEqual,
  kLess,
  kGreaterOrEqual,
  kGreater,
  kNotNull,
  kNull,
  kContains,
  kNotContains,
  kBeginsWith,
  kIn,
  kBetween,
};

// The operator with that name ("EQ", "NOT_NULL"; upper case only), or nullopt.
std::optional<ComparisonOperator> ComparisonOperatorNamed(std::string_view name);
std::string_view NameOf(ComparisonOperator op);

// `attribute op values`: one condition on a top-level attribute, whose name is taken as it stands.
// Borrows the name and the values.
struct Comparison {
  std::string_view attribute;
  ComparisonOperator op = ComparisonOperator::kEqual;
  ListView values;
};

// Checks that the operator takes these values: their number, their types, the order of BETWEEN's
// bounds. Fails with the service's ValidationException.
Status CheckValues(const Comparison& comparison);

// How several comparisons are joined.
enum class Junction : std::uint8_t { kAnd, kOr };

}  // namespace weir::expression
