// SPDX-License-Identifier: Apache-2.0
// What operators and functions of conditions ask of their operands, as far as it shows without an
// item. Condition expressions and PartiQL share these rules.
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

// The type of an operand; none for a path.
std::optional<ValueType> StaticType(const Operand& operand);

// Fails with the service's ValidationException. Operators are named as the text writes them.
class OperandChecks {
 public:
  // `elements` are those that the operands' paths lie in. It must outlive this object and may grow.
  OperandChecks(Faults faults, const std::vector<PathElement>& elements)
      : faults_(faults), elements_(elements) {}

  // For `<` and the like: scalars that have an order.
  [[nodiscard]] Status CheckOrdered(std::string_view op, std::span<const Operand> operands) const;
  // A path is not compared with itself.
  [[nodiscard]] Status CheckDistinct(std::string_view op, std::span<const Operand> operands) const;
  // The bounds of BETWEEN, if both are constants.
  [[nodiscard]] Status CheckBounds(const Operand& lower, const Operand& upper) const;
  // The operand, then the list.
  [[nodiscard]] Status CheckIn(std::span<const Operand> operands) const;
  // The function `name`, which is one of conditions but not size().
  [[nodiscard]] Result<NodeType> CheckFunction(std::string_view name,
                                               std::span<const Operand> operands) const;
  // size() of its arguments.
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
