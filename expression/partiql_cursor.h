// SPDX-License-Identifier: Apache-2.0
// PartiqlCursor: what the parsers of expressions and of statements share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "expression/partiql_syntax.h"

namespace weir::expression {

// A statement that is being parsed: its tokens, the tree made so far, and the position reached.
struct PartiqlParse {
  PartiqlSyntax syntax;
  std::size_t position = 0;  // in the tokens
  std::size_t depth = 0;     // of nested expressions
};

// Moves through the tokens of a parse and adds to its tree. The parse must outlive the cursor.
class PartiqlCursor {
 protected:
  using Type = PartiqlTokenType;
  using NodeResult = Result<std::uint32_t>;

  explicit PartiqlCursor(PartiqlParse& parse) : parse_(parse), syntax_(parse.syntax) {}

  // The token that is `ahead` tokens after the next one; kEnd beyond the last.
  [[nodiscard]] const PartiqlToken& Ahead(std::size_t ahead) const {
    return syntax_.tokens[std::min(parse_.position + ahead, syntax_.tokens.size() - 1)];
  }
  [[nodiscard]] const PartiqlToken& Head() const { return syntax_.tokens[parse_.position]; }
  [[nodiscard]] bool AtWord(std::string_view word) const { return Head().word == word; }
  [[nodiscard]] bool AtIdentifier(std::size_t ahead = 0) const {
    const Type type = Ahead(ahead).type;
    return type == Type::kName || type == Type::kQuotedName;
  }
  [[nodiscard]] std::uint32_t cursor() const { return static_cast<std::uint32_t>(parse_.position); }
  void Advance() { parse_.position += parse_.position + 1 < syntax_.tokens.size() ? 1 : 0; }
  bool AcceptWord(std::string_view word);
  bool Accept(Type type);
  Status Expect(Type type, std::string_view name);
  Status ExpectWord(std::string_view word);

  std::uint32_t Add(PartiqlNodeType type, std::uint32_t token, std::uint32_t child = kNone);
  PartiqlNode& NodeAt(std::uint32_t index) { return syntax_.nodes[index]; }
  // Puts a node after the last child of `parent`; `last` is that child, or kNone.
  void Append(std::uint32_t parent, std::uint32_t& last, std::uint32_t child);

  PartiqlParse& parse_;
  PartiqlSyntax& syntax_;  // of parse_
};

}  // namespace weir::expression
