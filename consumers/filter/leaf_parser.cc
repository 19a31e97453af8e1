// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/leaf_parser.h"

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "consumers/filter/case_folding.h"
#include "consumers/filter/scaled_number.h"

namespace weir::consumers {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using Part = TextTest::Part;

constexpr std::string_view kIgnoreCase = "equals-ignore-case";

bool IsNumber(const JsonNode& node) {
  return node.kind() == JsonKind::kInteger || node.kind() == JsonKind::kDecimal;
}

FilterFault Fault(std::string_view text, std::string_view detail = {}) {
  return {std::string(text) + std::string(detail)};
}

// The only member of an object.
Result<JsonNode, FilterFault> OnlyMember(const JsonNode& object, std::string_view what) {
  if (object.size() == 0) {
    return Fault(what, " expression name not found");
  }
  if (object.size() > 1) {
    return Fault("Only one key allowed in match expression");
  }
  return *object.begin();
}

Result<std::string_view, FilterFault> TextOf(const JsonNode& value, std::string_view what) {
  if (value.kind() != JsonKind::kString) {
    return Fault(what, " match pattern must be a string");
  }
  return value.text();
}

Operand Text(Part part, std::string_view text) {
  return TextTest{part, false, std::string(text)};
}

Operand TextOfAnyCase(Part part, std::string_view text) {
  return TextTest{part, true, FoldCase(text)};
}

// A value of the pattern that stands for itself.
Result<Operand, FilterFault> ParseLiteral(const JsonNode& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return Operand(Word{value.kind()});
    case JsonKind::kInteger:
    case JsonKind::kDecimal:
      if (const auto number = ScaledNumber(value)) {
        return Operand(NumberRange{*number, *number});
      }
      return Operand(LongNumber{value.kind(), value.integer(), std::string(value.text())});
    case JsonKind::kString:
      // One address can be written in several ways.
      if (const auto address = ParseIpAddress(value.text())) {
        return Operand(IpRange{*address, *address});
      }
      return Text(Part::kWhole, value.text());
    case JsonKind::kArray:
    case JsonKind::kObject:
      break;
  }
  return Fault("Match value must be String, number, true, false, or null");
}

// {"prefix": …} or {"suffix": …}, also {"prefix": {"equals-ignore-case": …}}.
Result<Operand, FilterFault> ParseAffix(const JsonNode& affix) {
  const Part part = affix.key() == "prefix" ? Part::kStart : Part::kEnd;
  if (affix.kind() != JsonKind::kObject) {
    WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(affix, affix.key()));
    return Text(part, text);
  }
  WEIR_ASSIGN_OR_RETURN(const JsonNode inner,
                        OnlyMember(affix, part == Part::kStart ? "Prefix" : "Suffix"));
  if (inner.key() != kIgnoreCase) {
    return Fault("Unsupported " + std::string(affix.key()) + " pattern: ", inner.key());
  }
  WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(inner, kIgnoreCase));
  return TextOfAnyCase(part, text);
}

Result<std::int64_t, FilterFault> ParseNumber(const JsonNode& value, std::string_view name) {
  if (!IsNumber(value)) {
    return Fault("Value of " + std::string(name), " must be numeric");
  }
  const auto number = ScaledNumber(value);
  if (!number) {
    return Fault("Value must be between -5.0E9 and 5.0E9, inclusive, with up to 6 decimals");
  }
  return *number;
}

// The second half of a range with two ends, `["<", 10]` of `[">=", 0, "<", 10]`.
Result<std::int64_t, FilterFault> ParseUpperEnd(JsonNode::Iterator element, std::uint32_t size) {
  const JsonNode name = *element;
  if (name.kind() != JsonKind::kString) {
    return Fault("Bad value in numeric range");
  }
  if (name.text() != "<" && name.text() != "<=") {
    return Fault("Bad numeric range operator: ", name.text());
  }
  if (size == 3) {
    return Fault("Value of " + std::string(name.text()), " must be numeric");
  }
  WEIR_ASSIGN_OR_RETURN(const std::int64_t end, ParseNumber(*++element, name.text()));
  if (size > 4) {
    return Fault("Too many terms in numeric range expression");
  }
  return name.text() == "<" ? end - 1 : end;
}

// {"numeric": ["=", 5]}, {"numeric": [">=", 0, "<", 10]}.
Result<Operand, FilterFault> ParseNumeric(const JsonNode& terms) {
  if (terms.kind() != JsonKind::kArray) {
    return Fault("Value of numeric must be an array.");
  }
  auto element = terms.begin();
  if (terms.size() == 0 || (*element).kind() != JsonKind::kString) {
    return Fault("Invalid member in numeric match");
  }
  const std::string_view name = (*element).text();
  const bool from_below = name == ">" || name == ">=";
  if (!from_below && name != "=" && name != "<" && name != "<=") {
    return Fault("Unrecognized numeric range operator: ", name);
  }
  const std::string_view name_in_fault = name == "=" ? "equals" : name;
  if (terms.size() == 1) {
    return Fault("Value of " + std::string(name_in_fault), " must be numeric");
  }
  WEIR_ASSIGN_OR_RETURN(const std::int64_t number, ParseNumber(*++element, name_in_fault));
  if (terms.size() > 2 && !from_below) {
    return Fault("Too many elements in numeric expression");
  }
  constexpr NumberRange kAll{std::numeric_limits<std::int64_t>::min(),
                             std::numeric_limits<std::int64_t>::max()};
  if (name == "=") {
    return Operand(NumberRange{number, number});
  }
  if (!from_below) {
    return Operand(NumberRange{kAll.first, name == "<" ? number - 1 : number});
  }
  NumberRange range{name == ">" ? number + 1 : number, kAll.last};
  if (terms.size() > 2) {
    WEIR_ASSIGN_OR_RETURN(range.last, ParseUpperEnd(++element, terms.size()));
    const bool upper_is_open = (*element).text() == "<";
    if (number >= range.last + (upper_is_open ? 1 : 0)) {
      return Fault("Bottom must be less than top");
    }
  }
  return Operand(range);
}

// A value of {"anything-but": {"prefix": …}} and its kin.
Result<Operand, FilterFault> ParseExcludedText(std::string_view name, const JsonNode& value) {
  WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(value, name));
  if (name == "wildcard") {
    WEIR_ASSIGN_OR_RETURN(auto wildcard, Wildcard::Parse(text));
    return Operand(std::move(wildcard));
  }
  if (name == kIgnoreCase) {
    return TextOfAnyCase(Part::kWhole, text);
  }
  if (text.empty()) {
    return Fault("Null prefix/suffix not allowed");
  }
  return Text(name == "prefix" ? Part::kStart : Part::kEnd, text);
}

// A value of {"anything-but": …}, for which an address is a text like any other.
Result<Operand, FilterFault> ParseExcluded(const JsonNode& value) {
  if (value.kind() == JsonKind::kString) {
    return Text(Part::kWhole, value.text());
  }
  if (!IsNumber(value)) {
    return Fault("Inside anything but list, start|null|boolean is not supported.");
  }
  WEIR_ASSIGN_OR_RETURN(const std::int64_t number, ParseNumber(value, "anything-but"));
  return Operand(NumberRange{number, number});
}

// {"anything-but": …} of a value or a list of values, or the same within {"prefix": …},
// {"suffix": …}, {"equals-ignore-case": …} or {"wildcard": …}.
Result<ValueTest, FilterFault> ParseAnythingBut(const JsonNode& excluded) {
  JsonNode values = excluded;
  std::string_view name;
  if (excluded.kind() == JsonKind::kObject) {
    WEIR_ASSIGN_OR_RETURN(values, OnlyMember(excluded, "Anything-But"));
    name = values.key();
    if (name != "prefix" && name != "suffix" && name != kIgnoreCase && name != "wildcard") {
      return Fault("Unsupported anything-but pattern: ", name);
    }
  }
  ValueTest test{.anything_but = true, .operands = {}};
  const auto add = [&test, name](const JsonNode& value) -> Result<void, FilterFault> {
    WEIR_ASSIGN_OR_RETURN(Operand operand,
                          name.empty() ? ParseExcluded(value) : ParseExcludedText(name, value));
    test.operands.push_back(std::move(operand));
    return {};
  };
  if (values.kind() == JsonKind::kString || IsNumber(values)) {
    WEIR_RETURN_IF_ERROR(add(values));
    return test;
  }
  if (values.kind() != JsonKind::kArray) {
    return Fault("Value of anything-but must be an array or single string/number value.");
  }
  if (values.size() == 0) {
    return Fault("Empty arrays are not allowed");
  }
  for (const JsonNode value : values) {
    WEIR_RETURN_IF_ERROR(add(value));
    if (name.empty() && IsNumber(value) != IsNumber(*values.begin())) {
      return Fault(
          "Inside anything but list, either all values are number or string, mixed type is not "
          "supported");
    }
  }
  return test;
}

// An operator that tests the value of a field, other than anything-but.
Result<Operand, FilterFault> ParseOperator(const JsonNode& expression) {
  const std::string_view name = expression.key();
  if (name == "prefix" || name == "suffix") {
    return ParseAffix(expression);
  }
  if (name == "numeric") {
    return ParseNumeric(expression);
  }
  if (name == "exactly") {
    WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(expression, "exact"));
    return Text(Part::kWhole, text);
  }
  if (name == kIgnoreCase) {
    WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(expression, name));
    return TextOfAnyCase(Part::kWhole, text);
  }
  if (name == "wildcard") {
    WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(expression, name));
    WEIR_ASSIGN_OR_RETURN(auto wildcard, Wildcard::Parse(text));
    return Operand(std::move(wildcard));
  }
  if (name == "cidr") {
    WEIR_ASSIGN_OR_RETURN(const std::string_view text, TextOf(expression, name));
    WEIR_ASSIGN_OR_RETURN(const IpRange range, ParseCidr(text));
    return Operand(range);
  }
  return Fault("Unrecognized match type ", name);
}

// Adds what an object in the array of a leaf asks for, such as {"prefix": "a"}.
Result<void, FilterFault> AddExpression(const JsonNode& object, LeafTest& leaf) {
  WEIR_ASSIGN_OR_RETURN(const JsonNode expression, OnlyMember(object, "Match"));
  if (expression.key() == "anything-but") {
    WEIR_ASSIGN_OR_RETURN(ValueTest test, ParseAnythingBut(expression));
    leaf.tests.push_back(std::move(test));
    return {};
  }
  if (expression.key() == "exists") {
    if (expression.kind() == JsonKind::kTrue) {
      leaf.tests.front().operands.emplace_back(Anything());
    } else if (expression.kind() == JsonKind::kFalse) {
      leaf.or_absent = true;
    } else {
      return Fault("exists match pattern must be either true or false.");
    }
    return {};
  }
  WEIR_ASSIGN_OR_RETURN(Operand operand, ParseOperator(expression));
  leaf.tests.front().operands.push_back(std::move(operand));
  return {};
}

}  // namespace

Result<LeafTest, FilterFault> ParseLeaf(const JsonNode& values) {
  if (values.size() == 0) {
    return Fault("Empty arrays are not allowed");
  }
  LeafTest leaf;
  leaf.tests.emplace_back();  // all operands that are not of an anything-but
  for (const JsonNode value : values) {
    if (value.kind() == JsonKind::kObject) {
      WEIR_RETURN_IF_ERROR(AddExpression(value, leaf));
    } else {
      WEIR_ASSIGN_OR_RETURN(Operand operand, ParseLiteral(value));
      leaf.tests.front().operands.push_back(std::move(operand));
    }
  }
  return leaf;
}

}  // namespace weir::consumers
