// SPDX-License-Identifier: Apache-2.0
// Checks what operators and functions of conditions require of their operands, as far as that shows
// without an item. Condition expressions and PartiQL share these rules.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/condition_tree.h"
#include "expression/fault.h"
#include "expression/path.h"

namespace weir::expression {

// The type of an operand; nullopt for a path, whose type only an item shows.
std::optional<ValueType> StaticType(const Operand& operand);

// Every check fails with the service's ValidationException. `op` is the operator as the message
// names it.
class OperandChecks {
 public:
  // `elements` holds the elements of the operands' paths. It must outlive this object and may grow.
  OperandChecks(Faults faults, const std::vector<PathElement>& elements)
      : faults_(faults), elements_(elements) {}

  // For `<` and other operators that compare: the operands must be S, N or B, which have an order.
  [[nodiscard]] Status CheckOrdered(std::string_view op, std::span<const Operand> operands) const;
  // If the first operand is a path, no other operand may be an equal path.
  [[nodiscard]] Status CheckDistinct(std::string_view op, std::span<const Operand> operands) const;
  // The bounds of BETWEEN must have one type and ascend; checked if both are constants.
  [[nodiscard]] Status CheckBounds(const Operand& lower, const Operand& upper) const;
  // IN: `operands` are the operand, then the list, of at most kMaxInOperands.
  [[nodiscard]] Status CheckIn(std::span<const Operand> operands) const;
  // `name` must be a function of conditions other than size(). Returns its node type.
  [[nodiscard]] Result<NodeType> CheckFunction(std::string_view name,
                                               std::span<const Operand> operands) const;
  // The operand that size() of `operands` makes; it takes one.
  [[nodiscard]] Result<Operand> SizeOf(std::span<const Operand> operands) const;

 private:
  [[nodiscard]] Status CheckAttributeType(const Operand& name) const;
  [[nodiscard]] Status CheckBeginsWith(std::span<const Operand> operands) const;
  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }

  const Faults faults_;
  const std::vector<PathElement>& elements_;
};

}  // namespace weir::expression
