// SPDX-License-Identifier: Apache-2.0
#include "expression/parser.h"

namespace weir::expression {

Parser::Parser(Faults faults, std::string_view text) : faults_(faults), text_(text) {
  if (text_.size() <= kMaxExpressionSize) {
    syntax_.tokens = Tokenize(text_);
    syntax_.nodes.reserve(syntax_.tokens.size());
  }
}

Status Parser::CheckText() const {
  if (text_.empty()) {
    return faults_.Empty();
  }
  if (text_.size() > kMaxExpressionSize) {
    return faults_.TooLong(text_.size());
  }
  return {};
}

Status Parser::Expect(TokenType type) {
  if (!Accept(type)) {
    return Unexpected();
  }
  return {};
}

// The service quotes the source from the previous token to the next; the end of the text counts as
// a token without characters.
ApiError Parser::Unexpected() const {
  const std::vector<Token>& tokens = syntax_.tokens;
  const bool at_end = tokens[cursor_].type == TokenType::kEnd;
  const std::size_t begin = cursor_ == 0 ? 0 : tokens[cursor_ - 1].begin;
  const std::size_t end = at_end ? text_.size() : tokens[cursor_ + 1].end;
  return faults_.Syntax(at_end ? "<EOF>" : View().Text(cursor()), text_.substr(begin, end - begin));
}

Status Parser::Enter() {
  if (++depth_ <= kMaxNesting) {
    return {};
  }
  // So many levels cannot be right. Which fault comes first is not worth unbounded recursion.
  if (syntax_.operators > kMaxOperators) {
    return faults_.TooManyOperators(syntax_.operators);
  }
  return faults_.RedundantParentheses();
}

std::uint32_t Parser::Add(SyntaxNode node) {
  syntax_.nodes.push_back(node);
  return static_cast<std::uint32_t>(syntax_.nodes.size() - 1);
}

Result<Parsed> Parser::ParseOperand() {
  if (!Accept(TokenType::kLeftParenthesis)) {
    return ParseBareOperand();
  }
  WEIR_RETURN_IF_ERROR(Enter());
  WEIR_ASSIGN_OR_RETURN(Parsed inner, ParseOperand());
  Leave();
  WEIR_RETURN_IF_ERROR(Expect(TokenType::kRightParenthesis));
  if (inner.parenthesized) {
    return faults_.RedundantParentheses();
  }
  inner.parenthesized = true;
  return inner;
}

Result<Parsed> Parser::ParseBareOperand() {
  if (Peek() == TokenType::kValueHolder) {
    const std::uint32_t token = cursor();
    Advance();
    return Parsed{Add({SyntaxType::kValue, token, token + 1}), true, false, false};
  }
  if (Peek() == TokenType::kName &&
      syntax_.tokens[cursor_ + 1].type == TokenType::kLeftParenthesis) {
    return ParseFunction();
  }
  WEIR_ASSIGN_OR_RETURN(const std::uint32_t path, ParsePath());
  return Parsed{path, true, false, false};
}

Result<Parsed> Parser::ParseFunction() {
  WEIR_RETURN_IF_ERROR(Enter());
  const std::uint32_t function = Add({SyntaxType::kFunction, cursor(), cursor() + 1});
  Advance();
  std::uint32_t previous = kNone;
  do {
    Advance();  // the parenthesis or comma
    WEIR_ASSIGN_OR_RETURN(const Parsed argument, ParseOperand());
    if (previous == kNone) {
      syntax_.nodes[function].child = argument.node;
    } else {
      Link(previous, argument.node);
    }
    previous = argument.node;
  } while (Peek() == TokenType::kComma);
  Leave();
  WEIR_RETURN_IF_ERROR(Expect(TokenType::kRightParenthesis));
  return Parsed{function, true, true, false};
}

// path := name (`.` name | `[` index `]`)*
Result<std::uint32_t> Parser::ParsePath() {
  const std::uint32_t first = cursor();
  if (!Accept(TokenType::kName) && !Accept(TokenType::kNameHolder)) {
    return Unexpected();
  }
  while (true) {
    if (Accept(TokenType::kDot)) {
      if (!Accept(TokenType::kName) && !Accept(TokenType::kNameHolder)) {
        return Unexpected();
      }
    } else if (Accept(TokenType::kLeftBracket)) {
      WEIR_RETURN_IF_ERROR(Expect(TokenType::kIndex));
      WEIR_RETURN_IF_ERROR(Expect(TokenType::kRightBracket));
    } else {
      return Add({SyntaxType::kPath, first, cursor()});
    }
  }
}

}  // namespace weir::expression
