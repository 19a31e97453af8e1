// SPDX-License-Identifier: Apache-2.0
// The words and signs of all expression kinds.
//
//   name         := letter (letter | digit | '_')*        but not a keyword
//   name holder  := '#' (letter | digit | '_')+
//   value holder := ':' (letter | digit | '_')+
//   index        := '0' | '1'..'9' digit*
//   keyword      := AND | OR | NOT | BETWEEN | IN | SET | REMOVE | ADD | DELETE     in any case
//
// All kinds of expressions have all keywords: none of them takes `set` or `between` as a name. A
// character that fits nowhere is a token of its own, so that the parser can name it in its syntax
// error.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::expression {

enum class TokenType : std::uint8_t {
  kEnd,
  kName,
  kNameHolder,
  kValueHolder,
  kIndex,
  kAnd,
  kOr,
  kNot,
  kBetween,
  kIn,
  kSet,
  kRemove,
  kAdd,
  kDelete,
  kDot,
  kComma,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kPlus,
  kMinus,
  kUnknown,
};

struct Token {
  TokenType type = TokenType::kEnd;
  std::uint16_t begin = 0;
  std::uint16_t end = 0;
};

// Splits `text`, which must be no longer than kMaxExpressionSize. The last token is kEnd, at the
// end of the text.
std::vector<Token> Tokenize(std::string_view text);

// Whether `key` is a placeholder: `sign` ('#' or ':'), then at least one letter, digit or '_'.
bool IsPlaceholder(std::string_view key, char sign);

}  // namespace weir::expression
