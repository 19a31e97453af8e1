// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/placeholders.h"
#include "expression/resolver.h"
#include "expression/syntax.h"
#include "expression/update_checks.h"
#include "expression/update_tree.h"

namespace weir::expression {

// The second step of reading an update (syntax.h): from the syntax tree to a checked UpdateTree.
// Recurses as deep as the tree, which the parser bounds.
class UpdateResolver {
 public:
  UpdateResolver(const SyntaxView& syntax, Placeholders& placeholders)
      : syntax_(syntax),
        resolver_(syntax, placeholders),
        checks_(syntax.faults(), tree_.terms, resolver_.elements()) {}
  UpdateResolver(const UpdateResolver&) = delete;
  UpdateResolver& operator=(const UpdateResolver&) = delete;

  // Resolves placeholders; checks operand counts and types, and that no paths clash. Called once.
  // Fails with the service's ValidationException.
  Result<UpdateTree> Resolve();

 private:
  Result<std::uint32_t> BuildTerm(std::uint32_t index);
  Result<std::uint32_t> BuildFunction(const SyntaxNode& node);
  std::uint32_t AddTerm(Term term);

  [[nodiscard]] Status CheckAddend(ActionType type, std::uint32_t term) const;

  const SyntaxView syntax_;
  Resolver resolver_;
  UpdateTree tree_;
  TermChecks checks_;
};

}  // namespace weir::expression
