// SPDX-License-Identifier: Apache-2.0
// FilterExpression: has the language and the meaning of ConditionExpression, and is refused in the
// same words except for the parameter's name.
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

// The message that the same fault has in a condition.
std::string AsCondition(std::string message) {
  constexpr std::string_view kFilter = "Invalid FilterExpression: ";
  if (message.starts_with(kFilter)) {
    message.replace(0, kFilter.size(), "Invalid ConditionExpression: ");
  }
  // The only message that names the kind of expression in its middle.
  constexpr std::string_view kForeign = "The function is not allowed in a filter expression";
  if (const std::size_t found = message.find(kForeign); found != std::string::npos) {
    message.replace(found, kForeign.size(),
                    "The function is not allowed in a condition expression");
  }
  return message;
}

void Run(const ExpressionInput& input) {
  Placeholders for_filter = input.MakePlaceholders();
  Placeholders for_condition = input.MakePlaceholders();
  const Result<Condition> filter = Condition::Parse(ConditionKind::kFilter, input.text, for_filter);
  const Result<Condition> condition =
      Condition::Parse(ConditionKind::kCondition, input.text, for_condition);
  FUZZ_CHECK(filter.ok() == condition.ok(), input.text);
  if (!filter.ok()) {
    CheckRefusal(input, filter.error());
    FUZZ_CHECK(AsCondition(filter.error().message) == condition.error().message,
               filter.error().message + "\n  " + condition.error().message);
    return;
  }
  const Status unused = for_filter.CheckUnused();
  const Status unused_too = for_condition.CheckUnused();
  FUZZ_CHECK(unused.ok() == unused_too.ok(), input.text);
  if (!unused.ok()) {
    CheckRefusal(input, unused.error());
    FUZZ_CHECK(unused.error().message == unused_too.error().message, input.text);
  }
  for (const Item& item : input.items) {
    FUZZ_CHECK(
        filter.value().Evaluate(item.attributes()) == condition.value().Evaluate(item.attributes()),
        input.text);
  }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
