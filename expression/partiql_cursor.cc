// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_cursor.h"

#include <string>

#include "expression/fault.h"

namespace weir::expression {

bool PartiqlCursor::AcceptWord(std::string_view word) {
  const bool found = AtWord(word);
  if (found) {
    Advance();
  }
  return found;
}

bool PartiqlCursor::Accept(Type type) {
  const bool found = Head().type == type;
  if (found) {
    Advance();
  }
  return found;
}

Status PartiqlCursor::Expect(Type type, std::string_view name) {
  return Accept(type) ? Status() : Status(MalformedStatement("Expected " + std::string(name)));
}

Status PartiqlCursor::ExpectWord(std::string_view word) {
  if (AcceptWord(word)) {
    return {};
  }
  std::string upper(word);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return static_cast<char>(c - ('a' - 'A')); });
  return MalformedStatement("Expected " + upper + " keyword");
}

std::uint32_t PartiqlCursor::Add(PartiqlNodeType type, std::uint32_t token, std::uint32_t child) {
  syntax_.nodes.push_back({type, false, token, 0, child, kNone});
  return static_cast<std::uint32_t>(syntax_.nodes.size() - 1);
}

void PartiqlCursor::Append(std::uint32_t parent, std::uint32_t& last, std::uint32_t child) {
  (last == kNone ? NodeAt(parent).child : NodeAt(last).next) = child;
  last = child;
}

}  // namespace weir::expression
