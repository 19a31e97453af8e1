// SPDX-License-Identifier: Apache-2.0
// KeyConditionExpression: for keys of every type, the key range that it resolves to contains
// exactly the items for which the same text holds as a condition.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/condition.h"
#include "expression/key_condition.h"
#include "tests/fuzz/expression_input.h"
#include "tests/fuzz/fuzz_check.h"

namespace weir::fuzz {
namespace {

using expression::Condition;
using expression::ConditionKind;
using expression::KeyCondition;
using expression::KeyConditions;
using expression::KeyOperator;
using expression::KeyRange;
using expression::Placeholders;

constexpr std::array<ValueType, 3> kKeyTypes = {ValueType::kString, ValueType::kNumber,
                                                ValueType::kBinary};

bool Matches(const KeyCondition& condition, Value value) {
  const int order = value.bytes().compare(condition.value.bytes());
  switch (condition.op) {
    case KeyOperator::kEqual:
      return order == 0;
    case KeyOperator::kLess:
      return order < 0;
    case KeyOperator::kLessOrEqual:
      return order <= 0;
    case KeyOperator::kGreater:
      return order > 0;
    case KeyOperator::kGreaterOrEqual:
      return order >= 0;
    case KeyOperator::kBetween:
      return order >= 0 && value.bytes() <= condition.upper->bytes();
    case KeyOperator::kBeginsWith:
      return value.bytes().starts_with(condition.value.bytes());
  }
  return false;
}

std::optional<Value> KeyValue(const Item& item, const KeyAttribute& attribute) {
  const std::optional<Value> value = item.attributes().Find(attribute.name);
  return value.has_value() && value->type() == attribute.type ? value : std::nullopt;
}

// Whether `item` is in `range`; nullopt if it lacks a key attribute, or has one of another type.
std::optional<bool> Matches(const KeyRange& range, const Item& item, const KeyAttribute& hash,
                            std::span<const KeyAttribute> sort) {
  const std::optional<Value> partition = KeyValue(item, hash);
  if (!partition.has_value()) {
    return std::nullopt;
  }
  bool matches = *partition == range.hash[0];
  if (!sort.empty()) {
    const std::optional<Value> value = KeyValue(item, sort[0]);
    if (!value.has_value()) {
      return std::nullopt;
    }
    matches = matches && (range.range_prefix.empty() || *value == range.range_prefix[0]) &&
              (!range.range.has_value() || Matches(*range.range, *value));
  }
  return matches;
}

void CheckShape(const ExpressionInput& input, const KeyRange& range, std::size_t conditions) {
  const std::size_t on_sort = range.range_prefix.size() + (range.range.has_value() ? 1 : 0);
  FUZZ_CHECK(range.hash.size() == 1 && on_sort <= 1, input.text);
  FUZZ_CHECK(conditions == 1 + on_sort, input.text);
  if (range.range.has_value()) {
    FUZZ_CHECK(range.range->op != KeyOperator::kEqual, input.text);
    FUZZ_CHECK(range.range->upper.has_value() == (range.range->op == KeyOperator::kBetween),
               input.text);
  }
}

void CheckRange(const ExpressionInput& input, const KeyConditions& keys, const Condition& condition,
                const KeyAttribute& hash, std::span<const KeyAttribute> sort) {
  const Result<KeyRange> range = keys.Resolve(std::span(&hash, 1), sort);
  if (!range.ok()) {
    return CheckRefusal(input, range.error());
  }
  CheckShape(input, range.value(), keys.conditions().size());
  for (const Item& item : input.items) {
    const std::optional<bool> expected = Matches(range.value(), item, hash, sort);
    FUZZ_CHECK(!expected.has_value() || *expected == condition.Evaluate(item.attributes()),
               input.text);
  }
}

void Run(const ExpressionInput& input) {
  Placeholders placeholders = input.MakePlaceholders();
  if (const Status keys = placeholders.CheckKeys(); !keys.ok()) {
    return CheckRefusal(input, keys.error());
  }
  const Result<KeyConditions> keys = KeyConditions::Parse(input.text, placeholders);
  if (!keys.ok()) {
    return CheckRefusal(input, keys.error());
  }
  const Result<Condition> condition =
      Condition::Parse(ConditionKind::kCondition, input.text, placeholders);
  FUZZ_CHECK(condition.ok(), input.text);
  for (const ValueType hash_type : kKeyTypes) {
    const KeyAttribute hash{"pk", hash_type};
    CheckRange(input, keys.value(), condition.value(), hash, {});
    for (const ValueType sort_type : kKeyTypes) {
      const KeyAttribute sort{"sk", sort_type};
      CheckRange(input, keys.value(), condition.value(), hash, std::span(&sort, 1));
    }
  }
}

}  // namespace
}  // namespace weir::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::Run(weir::fuzz::ExpressionInput(data, size));
  return 0;
}
