// SPDX-License-Identifier: Apache-2.0
#include "expression/tokens.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/digits.h"

namespace weir::expression {
namespace {

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsWordPart(char c) {
  return IsLetter(c) || IsDigit(c) || c == '_';
}
bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool EqualsUpperCase(std::string_view word, std::string_view upper) {
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

TokenType WordType(std::string_view word) {
  constexpr std::pair<std::string_view, TokenType> kKeywords[] = {
      {"AND", TokenType::kAnd},         {"OR", TokenType::kOr},   {"NOT", TokenType::kNot},
      {"BETWEEN", TokenType::kBetween}, {"IN", TokenType::kIn},   {"SET", TokenType::kSet},
      {"REMOVE", TokenType::kRemove},   {"ADD", TokenType::kAdd}, {"DELETE", TokenType::kDelete},
  };
  for (const auto& [keyword, type] : kKeywords) {
    if (keyword.size() == word.size() && EqualsUpperCase(word, keyword)) {
      return type;
    }
  }
  return TokenType::kName;
}

// The end of the run of word characters that starts at `begin`.
std::size_t WordEnd(std::string_view text, std::size_t begin) {
  while (begin < text.size() && IsWordPart(text[begin])) {
    ++begin;
  }
  return begin;
}

// The end of the UTF-8 sequence that starts at `begin`. The error text quotes a character that no
// expression knows as a whole.
std::size_t CharacterEnd(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    ++end;
  }
  return end;
}

struct Sign {
  TokenType type;
  std::size_t size;
};

Sign ReadComparator(char first, char second) {
  if (first == '=') {
    return {TokenType::kEqual, 1};
  }
  if (first == '<') {
    if (second == '=') {
      return {TokenType::kLessOrEqual, 2};
    }
    return second == '>' ? Sign{TokenType::kNotEqual, 2} : Sign{TokenType::kLess, 1};
  }
  return second == '=' ? Sign{TokenType::kGreaterOrEqual, 2} : Sign{TokenType::kGreater, 1};
}

Sign ReadSign(std::string_view text, std::size_t begin) {
  switch (text[begin]) {
    case '.':
      return {TokenType::kDot, 1};
    case ',':
      return {TokenType::kComma, 1};
    case '(':
      return {TokenType::kLeftParenthesis, 1};
    case ')':
      return {TokenType::kRightParenthesis, 1};
    case '[':
      return {TokenType::kLeftBracket, 1};
    case ']':
      return {TokenType::kRightBracket, 1};
    case '+':
      return {TokenType::kPlus, 1};
    case '-':
      return {TokenType::kMinus, 1};
    case '=':
    case '<':
    case '>':
      return ReadComparator(text[begin], begin + 1 < text.size() ? text[begin + 1] : '\0');
    default:
      return {TokenType::kUnknown, CharacterEnd(text, begin) - begin};
  }
}

Sign ReadToken(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  if (IsLetter(first)) {
    const std::size_t size = WordEnd(text, begin) - begin;
    return {WordType(text.substr(begin, size)), size};
  }
  if (first == '#' || first == ':') {
    const std::size_t size = WordEnd(text, begin + 1) - begin;
    if (size > 1) {
      return {first == '#' ? TokenType::kNameHolder : TokenType::kValueHolder, size};
    }
    return {TokenType::kUnknown, 1};
  }
  if (IsDigit(first)) {
    std::size_t end = begin + 1;
    while (first != '0' && end < text.size() && IsDigit(text[end])) {
      ++end;
    }
    return {TokenType::kIndex, end - begin};
  }
  return ReadSign(text, begin);
}

}  // namespace

std::vector<Token> Tokenize(std::string_view text) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 3 + 2);
  std::size_t position = 0;
  while (true) {
    while (position < text.size() && IsBlank(text[position])) {
      ++position;
    }
    if (position == text.size()) {
      break;
    }
    const Sign sign = ReadToken(text, position);
    tokens.push_back({sign.type, static_cast<std::uint16_t>(position),
                      static_cast<std::uint16_t>(position + sign.size)});
    position += sign.size;
  }
  const auto end = static_cast<std::uint16_t>(text.size());
  tokens.push_back({TokenType::kEnd, end, end});
  return tokens;
}

bool IsPlaceholder(std::string_view key, char sign) {
  return key.size() > 1 && key[0] == sign && WordEnd(key, 1) == key.size();
}

}  // namespace weir::expression
