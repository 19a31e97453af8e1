// SPDX-License-Identifier: Apache-2.0
#include "expression/condition_parser.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "expression/condition_resolver.h"
#include "expression/parser.h"

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
// came out decides: `allow_operand` says that a closing parenthesis follows which may belong to an
// operand.
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

}  // namespace

Result<ConditionTree> ParseCondition(ExpressionKind kind, std::string_view text,
                                     Placeholders& placeholders) {
  Parser parser(kind, text, placeholders.texts());
  WEIR_RETURN_IF_ERROR(parser.CheckText());
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t root, ConditionParser(parser).Parse());
  ConditionResolver resolver(parser, placeholders);
  WEIR_RETURN_IF_ERROR(resolver.CheckNames(root));
  WEIR_ASSIGN_OR_RETURN(ConditionTree tree, resolver.Resolve(root));
  WEIR_RETURN_IF_ERROR(parser.CheckOperatorCount());
  return tree;
}

}  // namespace weir::expression
