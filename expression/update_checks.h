// SPDX-License-Identifier: Apache-2.0
// Checks the operands of operators and functions in updates, as far as that is possible without an
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

// Every check fails with the service's ValidationException.
class TermChecks {
 public:
  // `terms` holds the terms of the tree under construction, `elements` the elements of their paths.
  // Both must outlive this object and may grow.
  TermChecks(Faults faults, const std::vector<Term>& terms,
             const std::vector<PathElement>& elements)
      : faults_(faults), terms_(terms), elements_(elements) {}

  // Both operands of `op`, which is `+` or `-`, must be numbers. `term` has the operands.
  [[nodiscard]] Status CheckNumbers(std::string_view op, const Term& term) const;
  // Checks a call of `name`, a function of updates, with `count` arguments; it takes two, which
  // `term` has. Returns `term` with its type.
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
