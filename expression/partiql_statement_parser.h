// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "expression/partiql_cursor.h"
#include "expression/partiql_expression_parser.h"

namespace weir::expression {

// Parses one statement, whose first word is the next token, and leaves the expressions in it to
// `expressions`. Each function returns the statement's node.
class PartiqlStatementParser : private PartiqlCursor {
 public:
  PartiqlStatementParser(PartiqlParse& parse, PartiqlExpressionParser& expressions)
      : PartiqlCursor(parse), expressions_(expressions) {}

  NodeResult ParseSelect();
  NodeResult ParseInsert();
  NodeResult ParseUpdate();
  NodeResult ParseDelete();
  NodeResult ParseFromFirst();
  NodeResult ParseActionsAlone();

 private:
  static constexpr int kTop = PartiqlExpressionParser::kTop;
  static constexpr int kClause = PartiqlExpressionParser::kClause;

  NodeResult ParseExpression(int precedence = kTop) {
    return expressions_.ParseExpression(precedence);
  }
  NodeResult ParseSimplePath() { return expressions_.ParseSimplePath(); }
  Status ParseColumns(PartiqlSelect& select);
  Status CheckWildcards(std::uint32_t column);
  Status ParseClauses(PartiqlSelect& select);
  Status ParseOrder(PartiqlSelect& select);
  Status ParseActions(PartiqlWrite& write);
  Status ParseSet(PartiqlWrite& write);
  Status ParseWhere(PartiqlWrite& write);
  Status ParseReturning(PartiqlWrite& write);
  Status ParseAliases(PartiqlSource& source);
  Status ParseAlias(std::string_view word, bool word_is_optional, PartiqlSource& source);
  Status ParseSource(int precedence, PartiqlSource& source);
  Status ParseJoins(int precedence, PartiqlSource& source);
  std::uint32_t AddWrite(PartiqlWrite write, std::uint32_t token);

  // Fails if the expression whose nodes begin at `begin` has more than kMaxOperators.
  [[nodiscard]] Status CheckOperators(std::size_t begin) const;

  PartiqlExpressionParser& expressions_;
};

}  // namespace weir::expression
