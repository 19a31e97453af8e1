// SPDX-License-Identifier: Apache-2.0
#include "expression/condition_parser.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "expression/condition_resolver.h"
#include "expression/names.h"
#include "expression/parser.h"
#include "expression/syntax.h"
#include "expression/syntax_cache.h"

namespace weir::expression {
namespace {

// condition  := and (OR and)*
// and        := not (AND not)*
// not        := NOT* term
// term       := operand comparator operand
//             | operand BETWEEN operand AND operand
//             | operand IN `(` operand (`,` operand)* `)`
//             | function
//             | `(` condition `)`
//
// A parenthesis may open a condition or an operand. Both are read by the same functions, and what
// was read decides which it is. `allow_operand` says that an operand alone is allowed, if a closing
// parenthesis follows it.
class ConditionParser {
 public:
  explicit ConditionParser(Parser& parser) : parser_(parser) {}

  Result<std::uint32_t> Parse() {
    WEIR_ASSIGN_OR_RETURN(const Parsed root, ParseOr(false));
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kEnd));
    return root.node;
  }

 private:
  Result<Parsed> ParseOr(bool allow_operand) {
    WEIR_ASSIGN_OR_RETURN(const Parsed first, ParseAnd(allow_operand));
    if (parser_.Peek() != TokenType::kOr) {
      return first;
    }
    std::uint32_t last = first.node;
    while (parser_.Accept(TokenType::kOr)) {
      parser_.CountOperator();
      WEIR_ASSIGN_OR_RETURN(const Parsed next, ParseAnd(false));
      parser_.Link(last, next.node);
      last = next.node;
    }
    return Condition({SyntaxType::kOr, 0, 0, first.node});
  }

  Result<Parsed> ParseAnd(bool allow_operand) {
    WEIR_ASSIGN_OR_RETURN(const Parsed first, ParseNot(allow_operand));
    if (parser_.Peek() != TokenType::kAnd) {
      return first;
    }
    std::uint32_t last = first.node;
    while (parser_.Accept(TokenType::kAnd)) {
      parser_.CountOperator();
      WEIR_ASSIGN_OR_RETURN(const Parsed next, ParseNot(false));
      parser_.Link(last, next.node);
      last = next.node;
    }
    return Condition({SyntaxType::kAnd, 0, 0, first.node});
  }

  Result<Parsed> ParseNot(bool allow_operand) {
    std::size_t nots = 0;
    while (parser_.Accept(TokenType::kNot)) {
      parser_.CountOperator();
      WEIR_RETURN_IF_ERROR(parser_.Enter());
      ++nots;
    }
    WEIR_ASSIGN_OR_RETURN(Parsed term, ParseTerm(allow_operand && nots == 0));
    for (; nots > 0; --nots) {
      parser_.Leave();
      term = Condition({SyntaxType::kNot, 0, 0, term.node});
    }
    return term;
  }

  Result<Parsed> ParseTerm(bool allow_operand) {
    WEIR_ASSIGN_OR_RETURN(const Parsed term, ParsePrimary());
    if (term.operand) {
      switch (parser_.Peek()) {
        case TokenType::kEqual:
        case TokenType::kNotEqual:
        case TokenType::kLess:
        case TokenType::kLessOrEqual:
        case TokenType::kGreater:
        case TokenType::kGreaterOrEqual:
          return ParseComparison(term);
        case TokenType::kBetween:
          return ParseBetween(term);
        case TokenType::kIn:
          return ParseIn(term);
        default:
          break;
      }
    }
    const bool closes = allow_operand && parser_.Peek() == TokenType::kRightParenthesis;
    if (!term.condition && !closes) {
      return parser_.Unexpected();
    }
    return term;
  }

  Result<Parsed> ParsePrimary() {
    if (!parser_.Accept(TokenType::kLeftParenthesis)) {
      return parser_.ParseBareOperand();
    }
    WEIR_RETURN_IF_ERROR(parser_.Enter());
    WEIR_ASSIGN_OR_RETURN(Parsed inner, ParseOr(true));
    parser_.Leave();
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kRightParenthesis));
    if (inner.parenthesized) {
      return parser_.faults().RedundantParentheses();
    }
    inner.parenthesized = true;
    return inner;
  }

  Result<Parsed> ParseComparison(const Parsed& left) {
    const std::uint32_t token = parser_.cursor();
    parser_.Advance();
    parser_.CountOperator();
    WEIR_ASSIGN_OR_RETURN(const Parsed right, parser_.ParseOperand());
    parser_.Link(left.node, right.node);
    return Condition({SyntaxType::kCompare, token, token + 1, left.node});
  }

  Result<Parsed> ParseBetween(const Parsed& operand) {
    const std::uint32_t token = parser_.cursor();
    parser_.Advance();
    parser_.CountOperator();
    WEIR_ASSIGN_OR_RETURN(const Parsed lower, parser_.ParseOperand());
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kAnd));
    WEIR_ASSIGN_OR_RETURN(const Parsed upper, parser_.ParseOperand());
    parser_.Link(operand.node, lower.node);
    parser_.Link(lower.node, upper.node);
    return Condition({SyntaxType::kBetween, token, token + 1, operand.node});
  }

  Result<Parsed> ParseIn(const Parsed& operand) {
    const std::uint32_t token = parser_.cursor();
    parser_.Advance();
    parser_.CountOperator();
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kLeftParenthesis));
    std::uint32_t last = operand.node;
    do {
      WEIR_ASSIGN_OR_RETURN(const Parsed candidate, parser_.ParseOperand());
      parser_.Link(last, candidate.node);
      last = candidate.node;
    } while (parser_.Accept(TokenType::kComma));
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kRightParenthesis));
    return Condition({SyntaxType::kIn, token, token + 1, operand.node});
  }

  Parsed Condition(SyntaxNode node) { return {parser_.Add(node), false, true, false}; }

  Parser& parser_;
};

// Checks function names and their placement, reserved words and indices, in the order of the text.
// Recurses as deep as the tree, which the parser has bounded.
class ConditionNames {
 public:
  explicit ConditionNames(const SyntaxView& syntax) : syntax_(syntax) {}

  [[nodiscard]] Status CheckCondition(std::uint32_t index) const {
    const SyntaxNode& node = syntax_.node(index);
    switch (node.type) {
      case SyntaxType::kOr:
      case SyntaxType::kAnd:
      case SyntaxType::kNot:
        for (std::uint32_t child = node.child; child != kNone; child = syntax_.node(child).next) {
          WEIR_RETURN_IF_ERROR(CheckCondition(child));
        }
        return {};
      case SyntaxType::kFunction:
        WEIR_RETURN_IF_ERROR(CheckFunctionName(syntax_, node));
        if (syntax_.Text(node.token) == kSize) {
          return syntax_.faults().MisplacedFunction(kSize);
        }
        return CheckArguments(node);
      default:
        return CheckArguments(node);
    }
  }

 private:
  [[nodiscard]] Status CheckOperand(std::uint32_t index) const {
    const SyntaxNode& node = syntax_.node(index);
    if (node.type == SyntaxType::kPath) {
      return CheckPathNames(syntax_, node);
    }
    if (node.type == SyntaxType::kFunction) {
      WEIR_RETURN_IF_ERROR(CheckFunctionName(syntax_, node));
      if (syntax_.Text(node.token) != kSize) {
        return syntax_.faults().MisplacedFunction(syntax_.Text(node.token));
      }
      return CheckArguments(node);
    }
    return {};
  }

  [[nodiscard]] Status CheckArguments(const SyntaxNode& node) const {
    for (std::uint32_t child = node.child; child != kNone; child = syntax_.node(child).next) {
      WEIR_RETURN_IF_ERROR(CheckOperand(child));
    }
    return {};
  }

  static constexpr std::string_view kSize = "size";

  const SyntaxView syntax_;
};

Result<Syntax> ReadCondition(Faults faults, std::string_view text) {
  Parser parser(faults, text);
  WEIR_RETURN_IF_ERROR(parser.CheckText());
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t root, ConditionParser(parser).Parse());
  WEIR_RETURN_IF_ERROR(ConditionNames(parser.View()).CheckCondition(root));
  parser.AddRoot(root);
  return parser.Take();
}

}  // namespace

Result<ConditionTree> ParseCondition(ExpressionKind kind, std::string_view text,
                                     Placeholders& placeholders) {
  WEIR_ASSIGN_OR_RETURN(const SyntaxView syntax,
                        SyntaxOf(Faults(kind, placeholders.texts()), text, ReadCondition));
  WEIR_ASSIGN_OR_RETURN(ConditionTree tree, ConditionResolver(syntax, placeholders).Resolve());
  WEIR_RETURN_IF_ERROR(syntax.CheckOperatorCount());
  return tree;
}

}  // namespace weir::expression
