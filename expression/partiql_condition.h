// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/result.h"
#include "expression/condition_checks.h"
#include "expression/condition_tree.h"
#include "expression/partiql_syntax.h"
#include "expression/partiql_values.h"

namespace weir::expression {

// Makes the tree of a condition expression from a WHERE clause. What only PartiQL has becomes what
// condition expressions have: `a IS MISSING` is attribute_not_exists(a), `a IS STRING` is
// attribute_type(a, 'S'), `a NOT IN [..]` is NOT a IN [..]. Recursion is as deep as the syntax,
// which the parser has bounded.
class PartiqlConditionBuilder {
 public:
  PartiqlConditionBuilder(const PartiqlSyntax& syntax, PartiqlPaths& paths, PartiqlValues& values)
      : syntax_(syntax),
        paths_(paths),
        values_(values),
        checks_(Faults(ExpressionKind::kPartiql), paths.elements()) {}
  PartiqlConditionBuilder(const PartiqlConditionBuilder&) = delete;
  PartiqlConditionBuilder& operator=(const PartiqlConditionBuilder&) = delete;

  // Called once; the tree's elements are those of the paths resolved so far. ValidationException
  // unless `where` is a valid condition.
  Result<ConditionTree> Build(std::uint32_t where);

  // Looks for the faults that the service reports before all others of a condition, from left to
  // right: unknown functions, bad values, and MISSING where it may not stand (observed on AWS).
  Status CheckTerms(std::uint32_t where);

 private:
  using NodeResult = Result<std::uint32_t>;

  [[nodiscard]] bool IsCondition(const PartiqlNode& node) const;
  NodeResult BuildCondition(std::uint32_t index);
  NodeResult BuildLogical(const PartiqlNode& node, NodeType type);
  Status AddChildren(const PartiqlNode& node, NodeType type, std::uint32_t logical,
                     std::uint32_t& last);
  NodeResult BuildOperator(const PartiqlNode& node);
  NodeResult BuildIn(const PartiqlNode& node);
  NodeResult BuildIsType(const PartiqlNode& node);
  NodeResult BuildCall(const PartiqlNode& node);
  // The operands, appended to the tree one after the other. Valid until the next call.
  Result<std::span<const Operand>> BuildOperands(std::span<const std::uint32_t> nodes);
  Result<std::span<const Operand>> BuildChildren(const PartiqlNode& node);
  Result<Operand> BuildOperand(std::uint32_t index);
  Result<Operand> BuildOutcome(std::uint32_t index);
  std::uint32_t AddNode(NodeType type, std::span<const Operand> operands);
  std::uint32_t Negated(bool negated, std::uint32_t node);

  const PartiqlSyntax& syntax_;
  PartiqlPaths& paths_;
  PartiqlValues& values_;
  OperandChecks checks_;
  ConditionTree tree_;
};

// The name of a function as it is compared: in lower case.
std::string PartiqlFunctionName(const PartiqlToken& token);
ApiError UnrecognizedFunction(const PartiqlToken& token);

}  // namespace weir::expression
