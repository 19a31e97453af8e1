// SPDX-License-Identifier: Apache-2.0
// What an expression can be refused for, in the service's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/api_error.h"
#include "core/value.h"
#include "expression/path.h"
#include "expression/text_layer.h"

namespace weir::expression {

// The parameter an expression came in.
enum class ExpressionKind : std::uint8_t {
  kCondition,
  kFilter,
  kKeyCondition,
  kProjection,
  kUpdate,
  kPartiql,  // a statement; its texts have no prefix
};

// Makes the errors of one expression: all start with `Invalid ConditionExpression: ` or the like.
class Faults {
 public:
  explicit Faults(ExpressionKind kind, TextLayer texts = TextLayer::kNewer)
      : kind_(kind), texts_(texts) {}

  [[nodiscard]] ExpressionKind kind() const { return kind_; }
  [[nodiscard]] TextLayer texts() const { return texts_; }

  [[nodiscard]] ApiError Make(std::string_view text) const;

  [[nodiscard]] ApiError Empty() const;
  [[nodiscard]] ApiError TooLong(std::size_t size) const;
  [[nodiscard]] ApiError Syntax(std::string_view token, std::string_view near) const;
  [[nodiscard]] ApiError RedundantParentheses() const;
  [[nodiscard]] ApiError TooManyOperators(std::size_t count) const;

  [[nodiscard]] ApiError UnknownFunction(std::string_view function) const;
  [[nodiscard]] ApiError ForeignFunction(std::string_view function) const;
  [[nodiscard]] ApiError MisplacedFunction(std::string_view function) const;
  [[nodiscard]] ApiError ReservedWord(std::string_view name) const;
  [[nodiscard]] ApiError IndexRange(std::string_view index) const;

  [[nodiscard]] ApiError TooDeep(std::size_t levels) const;
  [[nodiscard]] ApiError UndefinedName(std::string_view placeholder) const;
  [[nodiscard]] ApiError UndefinedValue(std::string_view placeholder) const;
  [[nodiscard]] ApiError OperandCount(std::string_view op, std::size_t count) const;
  [[nodiscard]] ApiError NoPath(std::string_view op) const;
  [[nodiscard]] ApiError OperandType(std::string_view op, std::string_view type) const;
  [[nodiscard]] ApiError NotDistinct(std::string_view op, PathView path) const;

 private:
  ExpressionKind kind_;
  TextLayer texts_;
};

// `AttributeValue: {S:a}`: an S, N or B as the service prints it, for example the bounds of
// BETWEEN. A binary shows as the Java object that it is in the service.
std::string ScalarText(Value value);

}  // namespace weir::expression
