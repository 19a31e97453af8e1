// SPDX-License-Identifier: Apache-2.0
// ConditionExpression: the outcome of a condition that parses depends on the item alone, and NOT,
// AND and OR around the condition have their meaning.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "expression/condition.h"
#include "tests/fuzz/expression_input.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using expression::Condition;
using expression::ConditionKind;
using expression::Placeholders;

// Whether the error is one that a valid condition can get when it becomes part of another: it is
// too long, it has too many operators, or parentheses stand around parentheses.
bool IsBoundary(const ApiError& error) {
  constexpr std::array<std::string_view, 3> kTexts = {
      "Expression size has exceeded", "contains too many operators", "redundant parentheses"};
  return std::any_of(kTexts.begin(), kTexts.end(), [&](std::string_view text) {
    return error.message.find(text) != std::string::npos;
  });
}

// Checks `text`, which is composed of the condition under test: for each item its outcome must be
// `expected(item)`.
template <class Expected>
void CheckComposed(const ExpressionInput& input, const std::string& text, Expected expected) {
  Placeholders placeholders = input.MakePlaceholders();
  const Result<Condition> composed =
      Condition::Parse(ConditionKind::kCondition, text, placeholders);
  if (!composed.ok()) {
    FUZZ_CHECK(IsBoundary(composed.error()), text + "\n  " + composed.error().message);
    return;
  }
  for (const Item& item : input.items) {
    FUZZ_CHECK(composed.value().Evaluate(item.attributes()) == expected(item), text);
  }
}

void Run(const ExpressionInput& input) {
  Placeholders placeholders = input.MakePlaceholders();
  if (const Status keys = placeholders.CheckKeys(); !keys.ok()) {
    return CheckRefusal(input, keys.error());
  }
  const Result<Condition> condition =
      Condition::Parse(ConditionKind::kCondition, input.text, placeholders);
  if (!condition.ok()) {
    return CheckRefusal(input, condition.error());
  }
  const auto holds = [&](const Item& item) {
    return condition.value().Evaluate(item.attributes());
  };
  const std::string inner = "(" + std::string(input.text) + ")";
  CheckComposed(input, "NOT " + inner, [&](const Item& item) { return !holds(item); });
  CheckComposed(input, inner + " AND " + inner, holds);
  CheckComposed(input, inner + "OR NOT" + inner, [](const Item& /*item*/) { return true; });
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
