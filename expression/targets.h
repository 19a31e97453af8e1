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

// The paths that a projection reads or an update writes, inserted one by one. No path may equal
// another or lead into it, or take as a list what another takes as a map.
class Targets {
 public:
  // `elements` holds the elements of the paths. It must outlive this object and may grow.
  explicit Targets(const std::vector<PathElement>& elements) : elements_(elements) {}

  // ValidationException if the path clashes with one that was inserted earlier.
  Status Insert(const Faults& faults, PathRange range);

 private:
  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }

  const std::vector<PathElement>& elements_;
  std::vector<PathRange> paths_;  // ascending by their top-level attributes
};

// Resolves the roots of `syntax`: the paths that a projection reads or an update writes. The result
// is in the order of the roots. Fails with the service's ValidationException if a path cannot be
// resolved, or if two overlap or conflict.
Result<std::vector<PathRange>> ResolveTargets(const SyntaxView& syntax, Resolver& resolver);

}  // namespace weir::expression
