// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"
#include "expression/partiql_syntax.h"
#include "expression/partiql_values.h"
#include "expression/update_checks.h"
#include "expression/update_tree.h"

namespace weir::expression {

// Makes the tree of an update expression from the SET and REMOVE clauses of a statement:
// `s = set_add(s, <<1>>)` is ADD, `s = set_delete(s, <<1>>)` is DELETE. Recursion is as deep as the
// syntax, which the parser has bounded.
class PartiqlUpdateBuilder {
 public:
  PartiqlUpdateBuilder(const PartiqlSyntax& syntax, PartiqlPaths& paths, PartiqlValues& values)
      : syntax_(syntax),
        paths_(paths),
        values_(values),
        checks_(Faults(ExpressionKind::kPartiql), tree_.terms, paths.elements()) {}
  PartiqlUpdateBuilder(const PartiqlUpdateBuilder&) = delete;
  PartiqlUpdateBuilder& operator=(const PartiqlUpdateBuilder&) = delete;

  // Called once; the tree's elements are those of the paths resolved so far. Fails with a
  // ValidationException.
  Result<UpdateTree> Build(std::span<const PartiqlAssignment> assignments);

 private:
  using TermResult = Result<std::uint32_t>;

  Status BuildValue(std::uint32_t value, Action& action);
  Status BuildSetFunction(const PartiqlNode& call, ActionType type, Action& action);
  TermResult BuildTerm(std::uint32_t index);
  TermResult BuildOperator(const PartiqlNode& node);
  TermResult BuildCall(const PartiqlNode& node);
  std::uint32_t AddTerm(Term term);

  const PartiqlSyntax& syntax_;
  PartiqlPaths& paths_;
  PartiqlValues& values_;
  UpdateTree tree_;
  TermChecks checks_;
};

}  // namespace weir::expression
