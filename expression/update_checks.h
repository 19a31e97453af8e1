// SPDX-License-Identifier: Apache-2.0
// What operators and functions of updates ask of their operands, as far as it shows without an
// item. Update expressions and PartiQL share these rules.
#pragma once

#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/fault.h"
#include "expression/path.h"
#include "expression/update_tree.h"

namespace weir::expression {

bool IsSet(ValueType type);

// Fails with the service's ValidationException.
class TermChecks {
 public:
  // `terms` are those of the tree that is built, `elements` what their paths lie in. Both must
  // outlive this object and may grow.
  TermChecks(Faults faults, const std::vector<Term>& terms,
             const std::vector<PathElement>& elements)
      : faults_(faults), terms_(terms), elements_(elements) {}

  // Both operands of `+` or `-`.
  [[nodiscard]] Status CheckNumbers(std::string_view op, const Term& term) const;
  // The function `name`, one of updates, with `count` arguments, the first two in `term`; gives it
  // its type.
  [[nodiscard]] Result<Term> CheckFunction(std::string_view name, std::size_t count,
                                           Term term) const;

 private:
  [[nodiscard]] Status CheckTypes(std::string_view op, const Term& term, ValueType wanted) const;
  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }

  const Faults faults_;
  const std::vector<Term>& terms_;
  const std::vector<PathElement>& elements_;
};

}  // namespace weir::expression
