// SPDX-License-Identifier: Apache-2.0
// What the parsers of all expression kinds share: the token stream and operands.
//
// An expression is read in two steps, as the service does. The first checks the grammar and the
// parentheses and leaves a tree of tokens; the first fault in the text ends it. The second walks
// that tree: function and attribute names first, then placeholders, operand counts and types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/text_layer.h"
#include "expression/tokens.h"

namespace weir::expression {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
inline constexpr std::size_t kMaxExpressionSize = 4096;
inline constexpr std::size_t kMaxOperators = 300;
inline constexpr std::size_t kMaxPathElements = 32;
inline constexpr std::size_t kMaxInOperands = 100;

// Levels of parentheses, NOT and function calls. An expression within kMaxOperators and without
// redundant parentheses stays below, so this only bounds the recursion.
inline constexpr std::size_t kMaxNesting = 2 * kMaxOperators + 8;

enum class SyntaxType : std::uint8_t {
  kPath,      // tokens [token, last): names, dots, indices
  kValue,     // token: the placeholder
  kFunction,  // token: its name; children: arguments
  kOr,        // children: two or more
  kAnd,       // children: two or more
  kNot,       // one child
  kCompare,   // token: the comparator; two children
  kBetween,   // three children
  kIn,        // children: the operand, then the list
  kSum,       // token: '+' or '-'; two children
};

inline constexpr std::uint32_t kNone = UINT32_MAX;

struct SyntaxNode {
  SyntaxType type = SyntaxType::kPath;
  std::uint32_t token = 0;
  std::uint32_t last = 0;
  std::uint32_t child = kNone;  // the first
  std::uint32_t next = kNone;   // sibling
};

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
  Parser(ExpressionKind kind, std::string_view text, TextLayer texts);

  // Faults that show before any token is looked at.
  [[nodiscard]] Status CheckText() const;

  [[nodiscard]] const Faults& faults() const { return faults_; }
  [[nodiscard]] TokenType Peek() const { return tokens_[cursor_].type; }
  [[nodiscard]] std::uint32_t cursor() const { return static_cast<std::uint32_t>(cursor_); }
  [[nodiscard]] const Token& token(std::uint32_t index) const { return tokens_[index]; }
  [[nodiscard]] std::string_view Text(std::uint32_t index) const {
    return text_.substr(tokens_[index].begin,
                        static_cast<std::size_t>(tokens_[index].end - tokens_[index].begin));
  }

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
  // The same without parentheses.
  Result<Parsed> ParseBareOperand();
  Result<std::uint32_t> ParsePath();

  // Counts a level of nesting in; ParseOperand and its like count their own.
  Status Enter();
  void Leave() { --depth_; }

  [[nodiscard]] const SyntaxNode& node(std::uint32_t index) const { return nodes_[index]; }
  std::uint32_t Add(SyntaxNode node);
  void Link(std::uint32_t left, std::uint32_t right) { nodes_[left].next = right; }

  void CountOperator() { ++operators_; }
  [[nodiscard]] Status CheckOperatorCount() const;

 private:
  Result<Parsed> ParseFunction();

  Faults faults_;
  std::size_t size_;  // of the whole text
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<SyntaxNode> nodes_;
  std::size_t cursor_ = 0;
  std::size_t depth_ = 0;
  std::size_t operators_ = 0;
};

}  // namespace weir::expression
