// SPDX-License-Identifier: Apache-2.0
// What the parsers of all expression kinds share: the token stream and operands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/syntax.h"
#include "expression/tokens.h"

namespace weir::expression {

// Levels of parentheses, NOT and function calls. An expression within kMaxOperators and without
// redundant parentheses stays below this limit, so it only bounds the recursion.
inline constexpr std::size_t kMaxNesting = 2 * kMaxOperators + 8;

// What a parser has just read.
struct Parsed {
  std::uint32_t node = 0;
  bool operand = false;    // it can be compared
  bool condition = false;  // it can stand alone
  bool parenthesized = false;
};

// Tokens with a cursor, and the nodes made of them.
class Parser {
 public:
  Parser(Faults faults, std::string_view text);

  // Faults that show before any token is looked at.
  [[nodiscard]] Status CheckText() const;

  [[nodiscard]] const Faults& faults() const { return faults_; }
  [[nodiscard]] TokenType Peek() const { return syntax_.tokens[cursor_].type; }
  [[nodiscard]] std::uint32_t cursor() const { return static_cast<std::uint32_t>(cursor_); }
  void Advance() { ++cursor_; }
  bool Accept(TokenType type) {
    const bool found = Peek() == type;
    cursor_ += found ? 1 : 0;
    return found;
  }
  Status Expect(TokenType type);
  // The syntax error of the token at the cursor.
  [[nodiscard]] ApiError Unexpected() const;

  // path | value | function(operand, ..), each in parentheses or not.
  Result<Parsed> ParseOperand();
  // path | value | function(operand, ..), without parentheses around it.
  Result<Parsed> ParseBareOperand();
  Result<std::uint32_t> ParsePath();

  // Enters a level of nesting; fails beyond kMaxNesting. ParseOperand and ParseBareOperand count
  // their own levels.
  Status Enter();
  void Leave() { --depth_; }

  std::uint32_t Add(SyntaxNode node);
  void Link(std::uint32_t left, std::uint32_t right) { syntax_.nodes[left].next = right; }

  void CountOperator() { ++syntax_.operators; }
  void AddRoot(std::uint32_t node) { syntax_.roots.push_back(node); }
  void AddAction(SyntaxAction action) { syntax_.actions.push_back(action); }

  // The syntax read so far. Valid until Take().
  [[nodiscard]] SyntaxView View() const { return {syntax_, text_, faults_}; }
  [[nodiscard]] Syntax Take() { return std::move(syntax_); }

 private:
  Result<Parsed> ParseFunction();

  Faults faults_;
  std::string_view text_;
  Syntax syntax_;
  std::size_t cursor_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace weir::expression
