// SPDX-License-Identifier: Apache-2.0
#include "expression/update_parser.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "expression/names.h"
#include "expression/parser.h"
#include "expression/syntax.h"
#include "expression/syntax_cache.h"
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

  Status Parse() {
    do {
      const std::optional<ActionType> type = SectionType(parser_.Peek());
      if (!type.has_value()) {
        return parser_.Unexpected();
      }
      do {
        parser_.Advance();  // the keyword or comma
        WEIR_RETURN_IF_ERROR(ParseAction(*type));
      } while (parser_.Peek() == TokenType::kComma);
      ++sections_[static_cast<std::size_t>(*type)];
    } while (parser_.Peek() != TokenType::kEnd);
    return {};
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
  Status ParseAction(ActionType type) {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t target, parser_.ParsePath());
    parser_.AddRoot(target);
    std::uint32_t value = kNone;
    if (type == ActionType::kSet) {
      WEIR_RETURN_IF_ERROR(parser_.Expect(TokenType::kEqual));
      WEIR_ASSIGN_OR_RETURN(const Parsed sum, ParseSum());
      value = sum.node;
    } else if (type != ActionType::kRemove) {
      if (parser_.Peek() != TokenType::kValueHolder) {
        return parser_.Unexpected();
      }
      WEIR_ASSIGN_OR_RETURN(const Parsed addend, parser_.ParseBareOperand());
      value = addend.node;
    }
    parser_.AddAction({type, value});
    return {};
  }

  // A parenthesis may hold an operand or a whole sum. What was read decides: only an operand may be
  // followed by a sign.
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
  std::array<std::size_t, 4> sections_{};
};

// Checks the names in a part of an action's value. list_append() must be the whole value. Recurses
// as deep as the tree, which the parser has bounded.
Status CheckTermNames(const SyntaxView& syntax, std::uint32_t index, bool is_whole_value) {
  constexpr std::string_view kListAppend = "list_append";
  const SyntaxNode& node = syntax.node(index);
  if (node.type == SyntaxType::kPath) {
    return CheckPathNames(syntax, node);
  }
  if (node.type == SyntaxType::kFunction) {
    WEIR_RETURN_IF_ERROR(CheckFunctionName(syntax, node));
    if (!is_whole_value && syntax.Text(node.token) == kListAppend) {
      return syntax.faults().MisplacedFunction(kListAppend);
    }
  }
  for (std::uint32_t child = node.child; child != kNone; child = syntax.node(child).next) {
    WEIR_RETURN_IF_ERROR(CheckTermNames(syntax, child, false));
  }
  return {};
}

// Checks function names and their placement, reserved words and indices, in the order of the text.
Status CheckUpdateNames(const SyntaxView& syntax) {
  for (std::size_t i = 0; i < syntax.roots().size(); ++i) {
    WEIR_RETURN_IF_ERROR(CheckPathNames(syntax, syntax.node(syntax.roots()[i])));
    if (const std::uint32_t value = syntax.actions()[i].value; value != kNone) {
      WEIR_RETURN_IF_ERROR(CheckTermNames(syntax, value, true));
    }
  }
  return {};
}

Result<Syntax> ReadUpdate(Faults faults, std::string_view text) {
  Parser parser(faults, text);
  WEIR_RETURN_IF_ERROR(parser.CheckText());
  UpdateParser update(parser);
  WEIR_RETURN_IF_ERROR(update.Parse());
  WEIR_RETURN_IF_ERROR(CheckUpdateNames(parser.View()));
  WEIR_RETURN_IF_ERROR(update.CheckSections());
  return parser.Take();
}

}  // namespace

Result<UpdateTree> ParseUpdate(std::string_view text, Placeholders& placeholders) {
  const Faults faults(ExpressionKind::kUpdate, placeholders.texts());
  WEIR_ASSIGN_OR_RETURN(const SyntaxView syntax, SyntaxOf(faults, text, ReadUpdate));
  WEIR_ASSIGN_OR_RETURN(UpdateTree tree, UpdateResolver(syntax, placeholders).Resolve());
  WEIR_RETURN_IF_ERROR(syntax.CheckOperatorCount());
  return tree;
}

}  // namespace weir::expression
