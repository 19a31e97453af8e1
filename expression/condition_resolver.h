// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/result.h"
#include "core/value.h"
#include "expression/condition_checks.h"
#include "expression/condition_tree.h"
#include "expression/placeholders.h"
#include "expression/resolver.h"
#include "expression/syntax.h"

namespace weir::expression {

// The second step of a condition: from the syntax tree to a checked ConditionTree. Every method
// recurses as deep as the tree, which the parser bounds.
class ConditionResolver {
 public:
  ConditionResolver(const SyntaxView& syntax, Placeholders& placeholders)
      : syntax_(syntax),
        resolver_(syntax, placeholders),
        checks_(syntax.faults(), resolver_.elements()) {}
  ConditionResolver(const ConditionResolver&) = delete;
  ConditionResolver& operator=(const ConditionResolver&) = delete;

  // Resolves placeholders and checks operand counts and types, condition by condition. Called once.
  // Fails with the service's ValidationException.
  Result<ConditionTree> Resolve();

 private:
  Result<std::uint32_t> BuildCondition(std::uint32_t index);
  Result<std::uint32_t> BuildLogical(const SyntaxNode& node, NodeType type);
  Result<std::uint32_t> BuildComparison(const SyntaxNode& node);
  Result<std::uint32_t> BuildBetween(const SyntaxNode& node);
  Result<std::uint32_t> BuildIn(const SyntaxNode& node);
  Result<std::uint32_t> BuildFunction(const SyntaxNode& node);
  Result<Operand> BuildOperand(std::uint32_t index);
  Result<Operand> BuildSize(const SyntaxNode& node);
  // The node's children, appended to the tree. Valid until the next call.
  Result<std::span<const Operand>> BuildOperands(const SyntaxNode& node);
  // A node with the `operands` that were built last.
  std::uint32_t AddNode(NodeType type, std::span<const Operand> operands);

  const SyntaxView syntax_;
  Resolver resolver_;
  OperandChecks checks_;
  ConditionTree tree_;
};

}  // namespace weir::expression
