// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/parser.h"
#include "expression/path.h"
#include "expression/resolver.h"

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
  std::map<std::string, std::vector<PathRange>, std::less<>> paths_;  // by top-level attribute
};

// Resolves the paths that a projection reads or an update writes, and refuses paths that overlap or
// conflict. The result is in the order of `nodes`.
Result<std::vector<PathRange>> ResolveTargets(const Parser& parser, Resolver& resolver,
                                              std::span<const std::uint32_t> nodes);

}  // namespace weir::expression
