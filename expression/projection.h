// SPDX-License-Identifier: Apache-2.0
// ProjectionExpression:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/result.h"
#include "core/value.h"
#include "expression/path.h"
#include "expression/placeholders.h"

namespace weir::expression {

// A set of paths none of which leads into another. Shared by projections and by the attributes that
// an update reports.
class PathSet {
 public:
  // Each of `ranges` is a path in `elements`. Every two paths must be kDistinct (see Compare).
  PathSet(std::vector<PathElement> elements, std::vector<PathRange> ranges);
  PathSet() = default;

  // The parts of `item` that the paths find, each within its hierarchy of maps and lists. Selected
  // elements of a list keep their order and close ranks: `l[0], l[5]` gives a list of two.
  [[nodiscard]] Item Select(MapView item) const;

 private:
  std::vector<PathElement> elements_;
  std::vector<PathRange> ranges_;  // ascending element by element, names before indices
};

// A parsed projection. Immutable, so threads may share it; borrows from the text and the names of
// the request, which must outlive it.
class Projection {
 public:
  // Fails with the service's ValidationException, without the envelope `1 validation error
  // detected: `.
  static Result<Projection> Parse(std::string_view text, Placeholders& placeholders);

  // AttributesToGet: top-level attributes, whose names are taken as they stand and must be
  // distinct. Borrows the names.
  static Projection OfAttributes(std::span<const std::string> names);

  // One column of a SELECT: what a path leads to, and the name that it gets in the result.
  struct Column {
    PathRange path;
    std::string name;
  };
  // The columns of a SELECT, whose names must be distinct. Their paths lie in `elements` and must
  // be distinct, too. Borrows the names in `elements`.
  static Projection OfColumns(std::vector<PathElement> elements, std::vector<Column> columns);

  // The selected parts of `item`. Always an item; it has no attributes if no path leads anywhere.
  [[nodiscard]] Item Apply(MapView item) const {
    return columns_.empty() ? paths_.Select(item) : SelectColumns(item);
  }

  // The top-level attributes that the projection names, each once.
  [[nodiscard]] std::span<const AttributeUse> attributes() const { return attributes_; }

 private:
  [[nodiscard]] Item SelectColumns(MapView item) const;

  PathSet paths_;
  std::vector<PathElement> elements_;  // of the paths in columns_
  std::vector<Column> columns_;        // of a SELECT, instead of paths_
  std::vector<AttributeUse> attributes_;
};

// What an answer shows of `item`: its projection, or all of it without one. No item stays no item.
[[nodiscard]] Item Projected(const Item& item, const std::optional<Projection>& projection);

}  // namespace weir::expression
