// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "expression/parser.h"
#include "expression/path.h"
#include "expression/resolver.h"

namespace weir::expression {

// Resolves the paths that a projection reads or an update writes, and refuses paths that overlap or
// conflict. The result is in the order of `nodes`.
Result<std::vector<PathRange>> ResolveTargets(const Parser& parser, Resolver& resolver,
                                              std::span<const std::uint32_t> nodes);

}  // namespace weir::expression
