// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/parser.h"
#include "expression/placeholders.h"
#include "expression/resolver.h"
#include "expression/update_checks.h"
#include "expression/update_tree.h"

namespace weir::expression {

// One action as the grammar sees it: nodes of the syntax tree.
struct SyntaxAction {
  ActionType type = ActionType::kSet;
  std::uint32_t target = kNone;
  std::uint32_t value = kNone;  // REMOVE has none
};

// The second step of an update: from the syntax tree to a checked UpdateTree. Every method recurses
// as deep as the tree, which the parser has bounded.
class UpdateResolver {
 public:
  UpdateResolver(const Parser& parser, Placeholders& placeholders)
      : parser_(parser),
        resolver_(parser, placeholders),
        checks_(parser.faults(), tree_.terms, resolver_.elements()) {}
  UpdateResolver(const UpdateResolver&) = delete;
  UpdateResolver& operator=(const UpdateResolver&) = delete;

  // Function names and their placement, reserved words and indices, in the order of the text.
  [[nodiscard]] Status CheckNames(std::span<const SyntaxAction> actions) const;

  // Placeholders, paths that clash, operand counts and types. Used once.
  Result<UpdateTree> Resolve(std::span<const SyntaxAction> actions);

 private:
  [[nodiscard]] Status CheckTerm(std::uint32_t index, bool is_whole_value) const;

  Result<std::uint32_t> BuildTerm(std::uint32_t index);
  Result<std::uint32_t> BuildFunction(const SyntaxNode& node);
  std::uint32_t AddTerm(Term term);

  [[nodiscard]] Status CheckAddend(ActionType type, std::uint32_t term) const;

  const Parser& parser_;
  Resolver resolver_;
  UpdateTree tree_;
  TermChecks checks_;
};

}  // namespace weir::expression
