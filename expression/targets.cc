// SPDX-License-Identifier: Apache-2.0
#include "expression/targets.h"

#include <cstddef>
#include <string>

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
  std::vector<PathRange>& others = paths_[std::string(path.front().name)];
  for (const PathRange& other : others) {
    const PathRelation relation = Compare(path, View(other));
    if (relation != PathRelation::kDistinct) {
      return Clash(faults, relation, path, View(other));
    }
  }
  others.push_back(range);
  return {};
}

// The service works from the last path to the first, which shows in what it reports when there are
// several faults, and in which of two paths it calls the first.
Result<std::vector<PathRange>> ResolveTargets(const Parser& parser, Resolver& resolver,
                                              std::span<const std::uint32_t> nodes) {
  std::vector<PathRange> ranges(nodes.size());
  Targets targets(resolver.elements());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    WEIR_ASSIGN_OR_RETURN(ranges[i], resolver.ResolvePath(parser.node(nodes[i])));
    WEIR_RETURN_IF_ERROR(targets.Insert(parser.faults(), ranges[i]));
  }
  return ranges;
}

}  // namespace weir::expression
