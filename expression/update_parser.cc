// SPDX-License-Identifier: Apache-2.0
#include "expression/update_parser.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "expression/parser.h"
#include "expression/update_resolver.h"

namespace weir::expression {
namespace {

std::optional<ActionType> SectionType(TokenType token) {
  switch (token) {
    case TokenType::kSet:
      return ActionType::kSet;
    case TokenType::kRemove:
      return ActionType::kRemove;
    case TokenType::kAdd:
      return ActionType::kAdd;
    case TokenType::kDelete:
      return ActionType::kDelete;
    default:
      return std::nullopt;
  }
}

// update   := section+
// section  := SET path `=` sum, ..  |  REMOVE path, ..
//           | ADD path value, ..    |  DELETE path value, ..
// sum      := operand ((`+` | `-`) operand)?  |  `(` sum `)`
class UpdateParser {
 public:
  explicit UpdateParser(Parser& parser) : parser_(parser) {}

  Result<std::vector<SyntaxAction>> Parse() {
    do {
      const std::optional<ActionType> type = SectionType(parser_.Peek());
      if (!type.has_value()) {
        return parser_.Unexpected();
      }
      do {
        parser_.Advance();  // the keyword or comma
        WEIR_ASSIGN_OR_RETURN(const SyntaxAction action, ParseAction(*type));
        actions_.push_back(action);
      } while (parser_.Peek() == TokenType::kComma);
      ++sections_[static_cast<std::size_t>(*type)];
    } while (parser_.Peek() != TokenType::kEnd);
    return std::move(actions_);
  }

  [[nodiscard]] Status CheckSections() const {
    constexpr std::array<std::string_view, 4> kNames = {"SET", "REMOVE", "ADD", "DELETE"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (sections_[i] > 1) {
        return parser_.faults().Make(std::string("The \"").append(kNames[i]).append(
            "\" section can only be used once in an update expression;"));
      }
    }
    return {};
  }

 private:
  Result<SyntaxAction> ParseAction(ActionType type) {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t target, parser_.ParsePath());
    if (type == ActionType::kRemove) {
      return SyntaxAction{type, target, kNone};
    }
    if (type == ActionType::kSet) {
      WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kEqual));
      WEIR_ASSIGN_OR_RETURN(const Parsed value, ParseSum());
      return SyntaxAction{type, target, value.node};
    }
    if (parser_.Peek() != TokenType::kValueHolder) {
      return parser_.Unexpected();
    }
    WEIR_ASSIGN_OR_RETURN(const Parsed value, parser_.ParseBareOperand());
    return SyntaxAction{type, target, value.node};
  }

  // A parenthesis may hold an operand or a whole sum; what came out of it decides.
  Result<Parsed> ParseSum() {
    WEIR_ASSIGN_OR_RETURN(const Parsed left, ParsePrimary());
    const TokenType sign = parser_.Peek();
    if (!left.operand || (sign != TokenType::kPlus && sign != TokenType::kMinus)) {
      return left;
    }
    const std::uint32_t token = parser_.cursor();
    parser_.Advance();
    parser_.CountOperator();
    WEIR_ASSIGN_OR_RETURN(const Parsed right, parser_.ParseOperand());
    parser_.Link(left.node, right.node);
    return Parsed{parser_.Add({SyntaxType::kSum, token, token + 1, left.node}), false, false,
                  false};
  }

  Result<Parsed> ParsePrimary() {
    if (!parser_.Accept(TokenType::kLeftParenthesis)) {
      return parser_.ParseBareOperand();
    }
    WEIR_RETURN_IF_ERROR(parser_.Enter());
    WEIR_ASSIGN_OR_RETURN(Parsed inner, ParseSum());
    parser_.Leave();
    WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kRightParenthesis));
    if (inner.parenthesized) {
      return parser_.faults().RedundantParentheses();
    }
    inner.parenthesized = true;
    return inner;
  }

  Parser& parser_;
  std::vector<SyntaxAction> actions_;
  std::array<std::size_t, 4> sections_{};
};

}  // namespace

Result<UpdateTree> ParseUpdate(std::string_view text, Placeholders& placeholders) {
  Parser parser(ExpressionKind::kUpdate, text, placeholders.texts());
  WEIR_RETURN_IF_ERROR(parser.CheckText());
  UpdateParser update(parser);
  WEIR_ASSIGN_OR_RETURN(const std::vector<SyntaxAction> actions, update.Parse());
  UpdateResolver resolver(parser, placeholders);
  WEIR_RETURN_IF_ERROR(resolver.CheckNames(actions));
  WEIR_RETURN_IF_ERROR(update.CheckSections());
  WEIR_ASSIGN_OR_RETURN(UpdateTree tree, resolver.Resolve(actions));
  WEIR_RETURN_IF_ERROR(parser.CheckOperatorCount());
  return tree;
}

}  // namespace weir::expression
