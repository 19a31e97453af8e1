// SPDX-License-Identifier: Apache-2.0
#include "expression/update_checks.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace weir::expression {

bool IsSet(ValueType type) {
  return type == ValueType::kStringSet || type == ValueType::kNumberSet ||
         type == ValueType::kBinarySet;
}

Status TermChecks::CheckNumbers(std::string_view op, const Term& term) const {
  return CheckTypes(op, term, ValueType::kNumber);
}

Result<Term> TermChecks::CheckFunction(std::string_view name, std::size_t count, Term term) const {
  if (count != 2) {
    return faults_.OperandCount(name, count);
  }
  if (name == "list_append") {
    term.type = TermType::kListAppend;
    WEIR_RETURN_IF_ERROR(CheckTypes(name, term, ValueType::kList));
    return term;
  }
  term.type = TermType::kIfNotExists;
  const Term& path = terms_[term.left];
  if (path.type != TermType::kPath) {
    return faults_.NoPath(name);
  }
  const Term& fallback = terms_[term.right];
  const PathView left = View(path.path);
  const PathView right = View(fallback.path);
  if (fallback.type == TermType::kPath &&
      std::equal(left.begin(), left.end(), right.begin(), right.end())) {
    return faults_.NotDistinct(name, left);
  }
  return term;
}

// Only constants have a type before the item is known.
Status TermChecks::CheckTypes(std::string_view op, const Term& term, ValueType wanted) const {
  for (const std::uint32_t operand : {term.left, term.right}) {
    const Term& side = terms_[operand];
    if (side.type == TermType::kValue && Value(side.value).type() != wanted) {
      return faults_.OperandType(op, TypeName(Value(side.value).type()));
    }
  }
  return {};
}

}  // namespace weir::expression
