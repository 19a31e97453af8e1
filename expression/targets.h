// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/path.h"
#include "expression/resolver.h"
#include "expression/syntax.h"

namespace weir::expression {

// The paths that a projection reads or an update writes, one after the other: none may be or lead
// into another, or take as a list what another takes as a map.
class Targets {
 public:
  // `elements` are those that the paths lie in. It must outlive this object and may grow.
  explicit Targets(const std::vector<PathElement>& elements) : elements_(elements) {}

  // ValidationException if the path clashes with one that was inserted before it.
  Status Insert(const Faults& faults, PathRange range);

 private:
  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }

  const std::vector<PathElement>& elements_;
  std::vector<PathRange> paths_;  // ascending by their top-level attributes
};

// Resolves the paths that a projection reads or an update writes, and refuses paths that overlap or
// conflict: the roots of `syntax`. The result is in their order.
Result<std::vector<PathRange>> ResolveTargets(const SyntaxView& syntax, Resolver& resolver);

}  // namespace weir::expression
