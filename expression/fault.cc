// SPDX-License-Identifier: Apache-2.0
#include "expression/fault.h"

#include <initializer_list>
#include <utility>

#include "core/number.h"

namespace weir::expression {
namespace {

std::string Join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    text.append(part);
  }
  return text;
}

std::string_view Prefix(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kCondition:
      return "Invalid ConditionExpression: ";
    case ExpressionKind::kFilter:
      return "Invalid FilterExpression: ";
    case ExpressionKind::kKeyCondition:
      return "Invalid KeyConditionExpression: ";
    case ExpressionKind::kProjection:
      return "Invalid ProjectionExpression: ";
    case ExpressionKind::kUpdate:
      return "Invalid UpdateExpression: ";
    case ExpressionKind::kPartiql:
      return "";
  }
  return "";
}

}  // namespace

ApiError Faults::Make(std::string_view text) const {
  return ValidationError(Join({Prefix(kind_), text}));
}

ApiError Faults::Empty() const {
  return Make("The expression can not be empty;");
}

// Only the older layer adds the size.
ApiError Faults::TooLong(std::size_t size) const {
  const std::string_view text = "Expression size has exceeded the maximum allowed size;";
  return texts_ == TextLayer::kNewer
             ? Make(text)
             : Make(Join({text, " expression size: ", std::to_string(size)}));
}

ApiError Faults::Syntax(std::string_view token, std::string_view near) const {
  return Make(Join({"Syntax error; token: \"", token, "\", near: \"", near, "\""}));
}

ApiError Faults::RedundantParentheses() const {
  return Make("The expression has redundant parentheses;");
}

ApiError Faults::TooManyOperators(std::size_t count) const {
  return Make(Join(
      {"The expression contains too many operators; operator count: ", std::to_string(count)}));
}

ApiError Faults::UnknownFunction(std::string_view function) const {
  return Make(Join({"Invalid function name; function: ", function}));
}

ApiError Faults::ForeignFunction(std::string_view function) const {
  const std::string_view where = kind_ == ExpressionKind::kUpdate ? "an update" : "a condition";
  return Make(
      Join({"The function is not allowed in ", where, " expression; function: ", function}));
}

ApiError Faults::MisplacedFunction(std::string_view function) const {
  return Make(Join(
      {"The function is not allowed to be used this way in an expression; function: ", function}));
}

ApiError Faults::ReservedWord(std::string_view name) const {
  return Make(Join({"Attribute name is a reserved keyword; reserved keyword: ", name}));
}

ApiError Faults::IndexRange(std::string_view index) const {
  return Make(Join({"List index is not within the allowable range; index: [", index, "]"}));
}

ApiError Faults::TooDeep(std::size_t levels) const {
  return Make(Join(
      {"The document path has too many nesting levels; nesting levels: ", std::to_string(levels)}));
}

ApiError Faults::UndefinedName(std::string_view placeholder) const {
  return Make(
      Join({"An expression attribute name used in the document path is not defined; "
            "attribute name: ",
            placeholder}));
}

ApiError Faults::UndefinedValue(std::string_view placeholder) const {
  return Make(
      Join({"An expression attribute value used in expression is not defined; attribute "
            "value: ",
            placeholder}));
}

ApiError Faults::OperandCount(std::string_view op, std::size_t count) const {
  return Make(Join({"Incorrect number of operands for operator or function; operator or function: ",
                    op, ", number of operands: ", std::to_string(count)}));
}

ApiError Faults::NoPath(std::string_view op) const {
  return Make(Join({"Operator or function requires a document path; operator or function: ", op}));
}

ApiError Faults::OperandType(std::string_view op, std::string_view type) const {
  return Make(Join({"Incorrect operand type for operator or function; operator or function: ", op,
                    ", operand type: ", type}));
}

ApiError Faults::NotDistinct(std::string_view op, PathView path) const {
  return Make(
      Join({"The first operand must be distinct from the remaining operands for this "
            "operator or function; operator: ",
            op, ", first operand: ", PathText(path)}));
}

std::string ScalarText(Value value) {
  std::string text = std::string("AttributeValue: {").append(TypeName(value.type())).append(":");
  if (value.type() == ValueType::kNumber) {
    AppendNumberText(value.bytes(), text);
  } else if (value.type() == ValueType::kBinary) {
    const std::string size = std::to_string(value.bytes().size());
    text.append("java.nio.HeapByteBuffer[pos=0 lim=").append(size).append(" cap=");
    text.append(size).append("]");
  } else {
    text.append(value.bytes());
  }
  return text.append("}");
}

}  // namespace weir::expression
