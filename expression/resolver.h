// SPDX-License-Identifier: Apache-2.0
// What all kinds of expressions share in the second step of reading (syntax.h): paths and values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/path.h"
#include "expression/placeholders.h"
#include "expression/syntax.h"

namespace weir::expression {

// Turns paths of the syntax tree into PathElements, and value placeholders into values. Fails with
// the service's ValidationException for an undefined placeholder or a path that is too long.
class Resolver {
 public:
  Resolver(const SyntaxView& syntax, Placeholders& placeholders)
      : syntax_(syntax), placeholders_(&placeholders) {}

  Result<PathRange> ResolvePath(const SyntaxNode& node);
  Result<Value> ResolveValue(const SyntaxNode& node);

  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }
  // The elements of all paths resolved so far.
  [[nodiscard]] const std::vector<PathElement>& elements() const { return elements_; }
  [[nodiscard]] std::vector<PathElement> TakeElements() { return std::move(elements_); }

 private:
  SyntaxView syntax_;
  Placeholders* placeholders_;
  std::vector<PathElement> elements_;
};

}  // namespace weir::expression
