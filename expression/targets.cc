// SPDX-License-Identifier: Apache-2.0
#include "expression/targets.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace weir::expression {
namespace {

ApiError Clash(const Faults& faults, PathRelation relation, PathView one, PathView two) {
  std::string text = relation == PathRelation::kOverlap
                         ? "Two document paths overlap with each other"
                         : "Two document paths conflict with each other";
  text.append("; must remove or rewrite one of these paths; path one: ").append(PathText(one));
  text.append(", path two: ").append(PathText(two));
  return faults.Make(text);
}

}  // namespace

Status Targets::Insert(const Faults& faults, PathRange range) {
  const PathView path = View(range);
  const auto name = [&](const PathRange& other) { return View(other).front().name; };
  auto position = std::lower_bound(
      paths_.begin(), paths_.end(), path.front().name,
      [&](const PathRange& other, std::string_view sought) { return name(other) < sought; });
  for (; position != paths_.end() && name(*position) == path.front().name; ++position) {
    const PathRelation relation = Compare(path, View(*position));
    if (relation != PathRelation::kDistinct) {
      return Clash(faults, relation, path, View(*position));
    }
  }
  paths_.insert(position, range);
  return {};
}

// The service works from the last path to the first. This shows in which of several faults it
// reports, and in which of two paths it calls `path one`.
Result<std::vector<PathRange>> ResolveTargets(const SyntaxView& syntax, Resolver& resolver) {
  const std::span<const std::uint32_t> paths = syntax.roots();
  std::vector<PathRange> ranges(paths.size());
  Targets targets(resolver.elements());
  for (std::size_t i = paths.size(); i-- > 0;) {
    WEIR_ASSIGN_OR_RETURN(ranges[i], resolver.ResolvePath(syntax.node(paths[i])));
    WEIR_RETURN_IF_ERROR(targets.Insert(syntax.faults(), ranges[i]));
  }
  return ranges;
}

}  // namespace weir::expression
