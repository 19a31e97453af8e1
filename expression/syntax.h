// SPDX-License-Identifier: Apache-2.0
// The syntax of an expression: its tokens, and the tree that the grammar makes of them.
//
// An expression is read in two steps, as the service does. The first checks the grammar and the
// parentheses, then function and attribute names, and stops at the first fault. Its result depends
// on the text and the kind of expression alone, so it is kept for the next request
// (syntax_cache.h). The second step walks the tree: it resolves the request's placeholders and
// checks operand counts and types.
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
  std::uint32_t child = kNone;  // the first child
  std::uint32_t next = kNone;   // the next sibling
};

// What an update does with its target, the root with the action's index.
struct SyntaxAction {
  ActionType type = ActionType::kSet;
  std::uint32_t value = kNone;  // the node of the value; kNone for REMOVE
};

// Holds positions in the text, not views, so it may outlive the text.
struct Syntax {
  std::vector<Token> tokens;
  std::vector<SyntaxNode> nodes;
  // The one node at the top of a condition, the paths of a projection, or the targets of an update.
  std::vector<std::uint32_t> roots;
  std::vector<SyntaxAction> actions;  // of an update: one for each root
  std::size_t operators = 0;
};

// A syntax with the text of one request, and the maker of its errors. Borrows the syntax and the
// text.
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

  // Fails if the expression has more than kMaxOperators. The last check of the second step.
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
