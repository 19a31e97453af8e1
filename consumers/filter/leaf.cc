// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/leaf.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "consumers/filter/case_folding.h"
#include "consumers/filter/scaled_number.h"

namespace weir::consumers {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;

bool Passes(const Word& word, const JsonNode& value) {
  return value.kind() == word.kind;
}

bool Passes(const LongNumber& number, const JsonNode& value) {
  return value.kind() == number.kind &&
         (number.kind == JsonKind::kInteger ? value.integer() == number.integer
                                            : value.text() == number.text);
}

bool Passes(const NumberRange& range, const JsonNode& value) {
  const std::optional<std::int64_t> number = ScaledNumber(value);
  return number && range.first <= *number && *number <= range.last;
}

bool Passes(const TextTest& test, const JsonNode& value) {
  std::string_view text = value.text();
  if (value.kind() != JsonKind::kString || text.size() < test.text.size()) {
    return false;
  }
  if (test.part == TextTest::Part::kStart) {
    text = text.substr(0, test.text.size());
  } else if (test.part == TextTest::Part::kEnd) {
    text = text.substr(text.size() - test.text.size());
  }
  return test.ignores_case ? FoldsTo(text, test.text) : text == test.text;
}

bool Passes(const IpRange& range, const JsonNode& value) {
  const auto address =
      value.kind() == JsonKind::kString ? ParseIpAddress(value.text()) : std::nullopt;
  return address && range.Contains(*address);
}

bool Passes(const Wildcard& wildcard, const JsonNode& value) {
  return value.kind() == JsonKind::kString && wildcard.Matches(value.text());
}

bool Passes(const Anything& /*anything*/, const JsonNode& /*value*/) {
  return true;
}

bool PassesTest(const ValueTest& test, const JsonNode& value) {
  const bool found =
      std::any_of(test.operands.begin(), test.operands.end(), [&value](const Operand& operand) {
        return std::visit([&value](const auto& kind) { return Passes(kind, value); }, operand);
      });
  return found != test.anything_but;
}

}  // namespace

bool LeafTest::Matches(const JsonNode& value) const {
  return std::any_of(tests.begin(), tests.end(),
                     [&value](const ValueTest& test) { return PassesTest(test, value); });
}

}  // namespace weir::consumers
