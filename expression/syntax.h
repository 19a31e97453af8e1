// SPDX-License-Identifier: Apache-2.0
// What the grammar makes of an expression: its tokens and the tree of them.
//
// An expression is read in two steps, as the service does. The first checks the grammar and the
// parentheses, then function and attribute names; the first fault in the text ends it. What it
// leaves depends on the text and the kind of expression alone and is kept for the next request
// (syntax_cache.h). The second walks that tree with the request's placeholders: what they stand
// for, operand counts and types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/tokens.h"
#include "expression/update_tree.h"

namespace weir::expression {

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
inline constexpr std::size_t kMaxExpressionSize = 4096;
inline constexpr std::size_t kMaxOperators = 300;
inline constexpr std::size_t kMaxPathElements = 32;
inline constexpr std::size_t kMaxInOperands = 100;

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

// What an update does with the root at the same place.
struct SyntaxAction {
  ActionType type = ActionType::kSet;
  std::uint32_t value = kNone;  // the node; REMOVE has none
};

// Knows places in the text only, so it outlives the text.
struct Syntax {
  std::vector<Token> tokens;
  std::vector<SyntaxNode> nodes;
  // The one of a condition, the paths of a projection, the targets of an update.
  std::vector<std::uint32_t> roots;
  std::vector<SyntaxAction> actions;  // of an update
  std::size_t operators = 0;
};

// A syntax with the text of one request, and the faults of its parameter. Borrows both.
class SyntaxView {
 public:
  SyntaxView(const Syntax& syntax, std::string_view text, Faults faults)
      : syntax_(&syntax), text_(text), faults_(faults) {}

  [[nodiscard]] const Faults& faults() const { return faults_; }
  [[nodiscard]] const Token& token(std::uint32_t index) const { return syntax_->tokens[index]; }
  [[nodiscard]] std::string_view Text(std::uint32_t index) const {
    const Token& token = syntax_->tokens[index];
    return text_.substr(token.begin, static_cast<std::size_t>(token.end - token.begin));
  }
  [[nodiscard]] const SyntaxNode& node(std::uint32_t index) const { return syntax_->nodes[index]; }
  [[nodiscard]] std::span<const std::uint32_t> roots() const { return syntax_->roots; }
  [[nodiscard]] std::span<const SyntaxAction> actions() const { return syntax_->actions; }

  // Last of all that the second step checks.
  [[nodiscard]] Status CheckOperatorCount() const {
    if (syntax_->operators > kMaxOperators) {
      return faults_.TooManyOperators(syntax_->operators);
    }
    return {};
  }

 private:
  const Syntax* syntax_;
  std::string_view text_;
  Faults faults_;
};

}  // namespace weir::expression
