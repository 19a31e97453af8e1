// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "expression/partiql_syntax.h"

namespace weir::expression {

// Parses expressions by the precedence of their operators, and the statements that may stand where
// an expression may. Recursion is bounded by kMaxPartiqlNesting.
class PartiqlParser {
 public:
  explicit PartiqlParser(std::vector<PartiqlToken> tokens) { syntax_.tokens = std::move(tokens); }

  // The whole text. Used once.
  Result<PartiqlSyntax> Parse();

 private:
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
  using Type = PartiqlTokenType;
  using NodeResult = Result<std::uint32_t>;

  [[nodiscard]] const PartiqlToken& Head() const { return syntax_.tokens[cursor_]; }
  [[nodiscard]] const PartiqlToken& Second() const {
    return syntax_.tokens[std::min(cursor_ + 1, syntax_.tokens.size() - 1)];
  }
  [[nodiscard]] bool AtWord(std::string_view word) const { return Head().word == word; }
  [[nodiscard]] std::uint32_t cursor() const { return static_cast<std::uint32_t>(cursor_); }
  void Advance() { cursor_ += cursor_ + 1 < syntax_.tokens.size() ? 1 : 0; }
  bool AcceptWord(std::string_view word);
  bool Accept(Type type);
  Status Expect(Type type, std::string_view name);
  Status ExpectWord(std::string_view word);

  std::uint32_t Add(PartiqlNodeType type, std::uint32_t token, std::uint32_t child = kNone);
  PartiqlNode& NodeAt(std::uint32_t index) { return syntax_.nodes[index]; }
  // Puts a node behind the last child of `parent`; `last` is that child, or kNone.
  void Append(std::uint32_t parent, std::uint32_t& last, std::uint32_t child);

  static int PrecedenceOf(const PartiqlToken& token);
  NodeResult ParseExpression(int precedence = kTop);
  NodeResult ParseInfix(std::uint32_t left);
  NodeResult ParseRight(int precedence);
  NodeResult ParseIsType(std::uint32_t left);
  NodeResult ParseIn(std::uint32_t left);
  NodeResult ParseBetween(std::uint32_t left);
  NodeResult ParseLike(std::uint32_t left);
  NodeResult ParseUnary();
  NodeResult ParsePath();
  NodeResult ParseSimplePath();
  NodeResult ParseSteps(std::uint32_t root, bool simple);
  NodeResult ParseTerm();
  NodeResult ParseKeywordTerm();
  NodeResult ParseGroup();
  NodeResult ParseSequence(PartiqlNodeType type, Type end, std::string_view end_name);
  NodeResult ParseStruct();
  NodeResult ParseCall();
  NodeResult ParseAggregate(std::uint32_t name);
  // Elements up to what is no comma; at least one.
  Status ParseElements(std::uint32_t parent);

  NodeResult ParseSelect();
  Status ParseColumns(PartiqlSelect& select);
  Status CheckWildcards(std::uint32_t column);
  Status ParseClauses(PartiqlSelect& select);
  Status ParseOrder(PartiqlSelect& select);
  NodeResult ParseInsert();
  NodeResult ParseUpdate();
  NodeResult ParseDelete();
  NodeResult ParseFromFirst();
  Status ParseActions(PartiqlWrite& write);
  Status ParseSet(PartiqlWrite& write);
  Status ParseWhere(PartiqlWrite& write);
  Status ParseReturning(PartiqlWrite& write);
  Status ParseAliases(PartiqlSource& source);
  Status ParseAlias(std::string_view word, bool word_is_optional, PartiqlSource& source);
  Status ParseSource(int precedence, PartiqlSource& source);
  Status ParseJoins(int precedence, PartiqlSource& source);
  std::uint32_t AddWrite(PartiqlWrite write, std::uint32_t token);

  // The operators between the two positions in the tree are as many as an expression may have.
  [[nodiscard]] Status CheckOperators(std::size_t begin) const;

  PartiqlSyntax syntax_;
  std::size_t cursor_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace weir::expression
