// SPDX-License-Identifier: Apache-2.0
// The words and signs of PartiQL statements.
//
//   name      := (letter | '_' | '$') (letter | digit | '_' | '$')*     but not a keyword
//   quoted    := '"' any* '"'         a '"' inside is written twice
//   string    := ''' any* '''         a ''' inside is written twice
//   number    := digit+ ('.' digit*)? exponent? | '.' digit+ exponent?
//   exponent  := ('e' | 'E') ('+' | '-')? digit+
//   comment   := '--' to the end of the line | '/*' any* '*/'
//   ion       := '`' any* '`'
//
// Some keywords that follow each other are one token: NOT IN, IS NOT, INSERT INTO, ALL OLD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace weir::expression {

enum class PartiqlTokenType : std::uint8_t {
  kEnd,
  kName,
  kQuotedName,
  kString,
  kNumber,
  kIon,
  kTrue,
  kFalse,
  kNull,
  kMissing,
  kKeyword,
  kOperator,  // `word` says which; NOT IN, IS NOT, .. are operators, too
  kParameter,
  kStar,
  kDot,
  kComma,
  kColon,
  kSemicolon,
  kLeftParenthesis,
  kRightParenthesis,
  kLeftBracket,
  kRightBracket,
  kLeftBrace,
  kRightBrace,
  kLeftAngles,
  kRightAngles,
};

struct PartiqlToken {
  PartiqlTokenType type = PartiqlTokenType::kEnd;
  // Of keywords and operators, in lower case, in static storage: "select", "not_in", "<>".
  std::string_view word;
  std::string text;  // of names, strings and numbers, without quotes
  // The token's place in the statement, as error messages show it: counted from 1, in characters.
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t length = 0;
};

// "1:8:5": line, column and length.
std::string PositionOf(const PartiqlToken& token);

// The fault of a statement that does not follow the grammar. `detail` is empty for what is not even
// a token: the service says no more about it.
ApiError MalformedStatement(std::string_view detail);

// Splits a statement; the last token is kEnd. ValidationException for what is not a token.
Result<std::vector<PartiqlToken>> TokenizePartiql(std::string_view text);

}  // namespace weir::expression
