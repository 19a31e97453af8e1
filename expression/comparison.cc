// SPDX-License-Identifier: Apache-2.0
#include "expression/comparison.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>

namespace weir::expression {
namespace {

// Sets of types, one bit per type.
constexpr unsigned Bit(ValueType type) {
  return 1U << static_cast<unsigned>(type);
}

constexpr unsigned kAnyType = ~0U;
constexpr unsigned kTexts = Bit(ValueType::kString) | Bit(ValueType::kBinary);
constexpr unsigned kOrdered = kTexts | Bit(ValueType::kNumber);
constexpr unsigned kElements = kOrdered | Bit(ValueType::kBool) | Bit(ValueType::kNull);
constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

struct Rule {
  std::string_view name;
  std::size_t min_values;
  std::size_t max_values;
  unsigned types;
};

// Indexed by ComparisonOperator. EQ, NE and CONTAINS take more types than AWS's page on them says
// (observed on AWS).
constexpr std::array<Rule, 13> kRules{{
    {"EQ", 1, 1, kAnyType},
    {"NE", 1, 1, kAnyType},
    {"LE", 1, 1, kOrdered},
    {"LT", 1, 1, kOrdered},
    {"GE", 1, 1, kOrdered},
    {"GT", 1, 1, kOrdered},
    {"NOT_NULL", 0, 0, kAnyType},
    {"NULL", 0, 0, kAnyType},
    {"CONTAINS", 1, 1, kElements},
    {"NOT_CONTAINS", 1, 1, kElements},
    {"BEGINS_WITH", 1, 1, kTexts},
    {"IN", 1, kUnlimited, kOrdered},
    {"BETWEEN", 2, 2, kOrdered},
}};

const Rule& RuleOf(ComparisonOperator op) {
  return kRules.at(static_cast<std::size_t>(op));
}

std::string Text(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(part);
  }
  return text;
}

Status CheckTypes(const Comparison& comparison, const Rule& rule) {
  const ValueType first = (*comparison.values.begin()).type();
  for (const Value value : comparison.values) {
    if ((rule.types & Bit(value.type())) == 0) {
      return InvalidParameter(Text({"ComparisonOperator ", rule.name, " is not valid for ",
                                    TypeName(value.type()), " AttributeValue type"}));
    }
    if (value.type() != first) {
      return InvalidParameter("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  return {};
}

}  // namespace

std::optional<ComparisonOperator> ComparisonOperatorNamed(std::string_view name) {
  const auto* const rule = std::find_if(kRules.begin(), kRules.end(),
                                        [&](const Rule& other) { return other.name == name; });
  if (rule == kRules.end()) {
    return std::nullopt;
  }
  return static_cast<ComparisonOperator>(rule - kRules.begin());
}

std::string_view NameOf(ComparisonOperator op) {
  return RuleOf(op).name;
}

Status CheckValues(const Comparison& comparison) {
  const Rule& rule = RuleOf(comparison.op);
  const std::size_t count = comparison.values.size();
  if (count < rule.min_values || count > rule.max_values) {
    return InvalidParameter(
        Text({"Invalid number of argument(s) for the ", rule.name, " ComparisonOperator"}));
  }
  if (count == 0) {
    return {};
  }
  WEIR_RETURN_IF_ERROR(CheckTypes(comparison, rule));
  if (comparison.op == ComparisonOperator::kBetween) {
    auto bound = comparison.values.begin();
    const Value lower = *bound++;
    if (lower.bytes() > (*bound).bytes()) {
      return ValidationError(
          "The BETWEEN condition was provided a range where the lower bound is greater than the "
          "upper bound");
    }
  }
  return {};
}

}  // namespace weir::expression
