// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_tokens.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>

#include "core/digits.h"
#include "expression/partiql_keywords.h"

namespace weir::expression {
namespace {

using Type = PartiqlTokenType;

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

bool IsBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Keywords that are operators between two terms or before one.
constexpr std::string_view kWordOperators[] = {"and", "between", "except", "in", "intersect",
                                               "is",  "like",    "not",    "or", "union"};

struct Sign {
  std::string_view text;
  Type type;
};

// The longer of two signs with the same start comes first.
constexpr Sign kSigns[] = {
    {"<<", Type::kLeftAngles},
    {"<=", Type::kOperator},
    {"<>", Type::kOperator},
    {"<", Type::kOperator},
    {">>", Type::kRightAngles},
    {">=", Type::kOperator},
    {">", Type::kOperator},
    {"!=", Type::kOperator},
    {"||", Type::kOperator},
    {"=", Type::kOperator},
    {"+", Type::kOperator},
    {"-", Type::kOperator},
    {"/", Type::kOperator},
    {"%", Type::kOperator},
    {"@", Type::kOperator},
    {"*", Type::kStar},
    {".", Type::kDot},
    {",", Type::kComma},
    {":", Type::kColon},
    {";", Type::kSemicolon},
    {"?", Type::kParameter},
    {"(", Type::kLeftParenthesis},
    {")", Type::kRightParenthesis},
    {"[", Type::kLeftBracket},
    {"]", Type::kRightBracket},
    {"{", Type::kLeftBrace},
    {"}", Type::kRightBrace},
};

struct Merge {
  std::array<std::string_view, 2> words;
  std::string_view word;
  Type type;
};

constexpr Merge kMerges[] = {
    {{"not", "in"}, "not_in", Type::kOperator},
    {{"not", "between"}, "not_between", Type::kOperator},
    {{"not", "like"}, "not_like", Type::kOperator},
    {{"is", "not"}, "is_not", Type::kOperator},
    {{"union", "all"}, "union", Type::kOperator},
    {{"union", "distinct"}, "union", Type::kOperator},
    {{"intersect", "all"}, "intersect", Type::kOperator},
    {{"intersect", "distinct"}, "intersect", Type::kOperator},
    {{"except", "all"}, "except", Type::kOperator},
    {{"except", "distinct"}, "except", Type::kOperator},
    {{"insert", "into"}, "insert_into", Type::kKeyword},
    {{"all", "old"}, "all_old", Type::kKeyword},
    {{"all", "new"}, "all_new", Type::kKeyword},
    {{"modified", "old"}, "modified_old", Type::kKeyword},
    {{"modified", "new"}, "modified_new", Type::kKeyword},
    {{"character", "varying"}, "character_varying", Type::kKeyword},
    {{"double", "precision"}, "double_precision", Type::kKeyword},
    {{"cross", "join"}, "join", Type::kKeyword},
    {{"inner", "join"}, "join", Type::kKeyword},
    {{"left", "join"}, "join", Type::kKeyword},
    {{"right", "join"}, "join", Type::kKeyword},
    {{"full", "join"}, "join", Type::kKeyword},
    {{"outer", "join"}, "join", Type::kKeyword},
    {{"left", "outer"}, "outer", Type::kKeyword},
    {{"right", "outer"}, "outer", Type::kKeyword},
    {{"full", "outer"}, "outer", Type::kKeyword},
};

// Numbers are Java decimals in the service, whose exponent and scale are 32-bit integers.
bool IsDecimal(std::string_view number) {
  const std::size_t mark = number.find_first_of("eE");
  std::int64_t exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view digits = number.substr(mark + 1);
    if (digits.front() == '+') {
      digits.remove_prefix(1);
    }
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, exponent);
    if (parsed.ec != std::errc() || parsed.ptr != end) {
      return false;
    }
  }
  const std::string_view coefficient = number.substr(0, mark);
  const std::size_t point = coefficient.find('.');
  const std::size_t fraction = point == std::string_view::npos ? 0 : coefficient.size() - point - 1;
  const auto fits = [](std::int64_t value) {
    return value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
  };
  return fits(exponent) && fits(static_cast<std::int64_t>(fraction) - exponent);
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  Result<std::vector<PartiqlToken>> Run() {
    for (;;) {
      if (!SkipBlanks()) {
        return MalformedStatement("");
      }
      PartiqlToken token;
      token.line = line_;
      token.column = column_;
      const std::size_t begin = position_;
      if (begin == text_.size()) {
        tokens_.push_back(std::move(token));
        return std::move(tokens_);
      }
      if (!Read(token)) {
        return MalformedStatement("");
      }
      token.length = AdvanceOver(begin);
      Add(std::move(token));
    }
  }

 private:
  [[nodiscard]] char At(std::size_t offset) const {
    return position_ + offset < text_.size() ? text_[position_ + offset] : '\0';
  }

  // Skips blanks and comments. False if a comment does not end.
  bool SkipBlanks() {
    for (;;) {
      const std::size_t begin = position_;
      if (position_ < text_.size() && IsBlank(text_[position_])) {
        ++position_;
      } else if (text_.substr(position_).starts_with("--")) {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else if (text_.substr(position_).starts_with("/*")) {
        const std::size_t end = text_.find("*/", position_ + 2);
        if (end == std::string_view::npos) {
          return false;
        }
        position_ = end + 2;
      } else {
        return true;
      }
      AdvanceOver(begin);
    }
  }

  // Moves line and column over what lies between `begin` and the position; returns how many
  // characters that is.
  std::uint32_t AdvanceOver(std::size_t begin) {
    std::uint32_t characters = 0;
    for (const char c : text_.substr(begin, position_ - begin)) {
      const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // in UTF-8
      characters += begins ? 1 : 0;
      column_ += begins ? 1 : 0;
      if (c == '\n') {
        ++line_;
        column_ = 1;
      }
    }
    return characters;
  }

  bool Read(PartiqlToken& token) {
    const char c = text_[position_];
    if (IsNameStart(c)) {
      ReadWord(token);
      return true;
    }
    if (IsDigit(c) || (c == '.' && IsDigit(At(1)))) {
      return ReadNumber(token);
    }
    switch (c) {
      case '\'':
        return ReadQuoted(Type::kString, token);
      case '"':
        return ReadQuoted(Type::kQuotedName, token);
      case '`':
        return ReadQuoted(Type::kIon, token);
      default:
        return ReadSign(token);
    }
  }

  void ReadWord(PartiqlToken& token) {
    const std::size_t begin = position_;
    while (position_ < text_.size() &&
           (IsNameStart(text_[position_]) || IsDigit(text_[position_]))) {
      ++position_;
    }
    const std::string_view word = text_.substr(begin, position_ - begin);
    token.text = word;
    token.word = PartiqlKeyword(word);
    if (token.word.empty()) {
      token.type = Type::kName;
    } else if (token.word == "true") {
      token.type = Type::kTrue;
    } else if (token.word == "false") {
      token.type = Type::kFalse;
    } else if (token.word == "null") {
      token.type = Type::kNull;
    } else if (token.word == "missing") {
      token.type = Type::kMissing;
    } else {
      const bool is_operator = std::find(std::begin(kWordOperators), std::end(kWordOperators),
                                         token.word) != std::end(kWordOperators);
      token.type = is_operator ? Type::kOperator : Type::kKeyword;
    }
  }

  void SkipDigits() {
    while (IsDigit(At(0))) {
      ++position_;
    }
  }

  bool ReadNumber(PartiqlToken& token) {
    const std::size_t begin = position_;
    SkipDigits();
    if (At(0) == '.') {
      ++position_;
      SkipDigits();
    }
    if (At(0) == 'e' || At(0) == 'E') {
      position_ += At(1) == '+' || At(1) == '-' ? 2 : 1;
      if (!IsDigit(At(0))) {
        return false;
      }
      SkipDigits();
    }
    token.type = Type::kNumber;
    token.text = text_.substr(begin, position_ - begin);
    return IsDecimal(token.text);
  }

  bool ReadQuoted(Type type, PartiqlToken& token) {
    const char quote = text_[position_];
    for (;;) {
      const std::size_t end = text_.find(quote, position_ + 1);
      if (end == std::string_view::npos) {
        return false;
      }
      token.text.append(text_.substr(position_ + 1, end - position_ - 1));
      position_ = end + 1;
      if (At(0) != quote) {
        token.type = type;
        return true;
      }
      token.text.push_back(quote);
    }
  }

  bool ReadSign(PartiqlToken& token) {
    const std::string_view rest = text_.substr(position_);
    const auto* sign = std::find_if(std::begin(kSigns), std::end(kSigns), [&](const Sign& other) {
      return rest.starts_with(other.text);
    });
    if (sign == std::end(kSigns)) {
      return false;
    }
    token.type = sign->type;
    if (sign->type == Type::kOperator) {
      token.word = sign->text == "!=" ? "<>" : sign->text;
    }
    position_ += sign->text.size();
    return true;
  }

  // Adds a token, or makes it one with the token before it.
  void Add(PartiqlToken token) {
    if (!tokens_.empty() && !token.word.empty()) {
      PartiqlToken& last = tokens_.back();
      for (const Merge& merge : kMerges) {
        if (merge.words[0] == last.word && merge.words[1] == token.word) {
          last.word = merge.word;
          last.type = merge.type;
          return;
        }
      }
    }
    tokens_.push_back(std::move(token));
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::vector<PartiqlToken> tokens_;
};

}  // namespace

std::string PositionOf(const PartiqlToken& token) {
  return std::to_string(token.line) + ":" + std::to_string(token.column) + ":" +
         std::to_string(token.length);
}

ApiError MalformedStatement(std::string_view detail) {
  return ValidationError("Statement wasn't well formed, can't be processed: " +
                         std::string(detail));
}

Result<std::vector<PartiqlToken>> TokenizePartiql(std::string_view text) {
  return Tokenizer(text).Run();
}

}  // namespace weir::expression
