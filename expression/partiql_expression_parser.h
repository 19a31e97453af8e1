// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "expression/partiql_cursor.h"

namespace weir::expression {

// Parses expressions by the precedence of their operators, with PartiqlStatementParser for the
// statements that may stand where an expression may. Recursion is bounded by kMaxPartiqlNesting.
class PartiqlExpressionParser : private PartiqlCursor {
 public:
  // How tightly operators bind. An operator is taken into an expression if it binds more tightly
  // than what the expression is an operand of.
  enum Precedence : int {
    kTop = -1,
    kNotBinary = 0,
    kSetOperation = 5,
    kClause = 6,  // of SELECT
    kOrLevel = 10,
    kAndLevel = 20,
    kNotLevel = 30,
    kEqualityLevel = 40,
    kComparisonLevel = 50,
    kSumLevel = 60,
    kProductLevel = 70,
  };
  explicit PartiqlExpressionParser(PartiqlParse& parse) : PartiqlCursor(parse) {}

  // Parses the whole text. Called once. ValidationException if it does not follow the grammar.
  Status ParseText();
  // Parses an expression up to an operator that binds no more tightly than `precedence`; returns
  // its node.
  NodeResult ParseExpression(int precedence = kTop);
  // Parses a path whose steps are only names and literal indices; returns its node.
  NodeResult ParseSimplePath();

 private:
  static int PrecedenceOf(const PartiqlToken& token);
  NodeResult ParseInfix(std::uint32_t left);
  NodeResult ParseRight(int precedence);
  NodeResult ParseIsType(std::uint32_t left);
  NodeResult ParseIn(std::uint32_t left);
  NodeResult ParseBetween(std::uint32_t left);
  NodeResult ParseLike(std::uint32_t left);
  NodeResult ParseUnary();
  NodeResult ParseNot();
  NodeResult ParsePath();
  NodeResult ParseSteps(std::uint32_t root, bool simple);
  NodeResult ParseTerm();
  NodeResult ParseKeywordTerm();
  NodeResult ParseGroup();
  NodeResult ParseSequence(PartiqlNodeType type, Type end, std::string_view end_name);
  NodeResult ParseStruct();
  NodeResult ParseCall();
  NodeResult ParseAggregate(std::uint32_t name);
  // Parses elements separated by commas, at least one, as children of `parent`.
  Status ParseElements(std::uint32_t parent);
};

}  // namespace weir::expression
