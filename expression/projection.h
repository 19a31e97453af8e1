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
  // `ranges` address `elements`; the paths must be distinct (see Compare).
  PathSet(std::vector<PathElement> elements, std::vector<PathRange> ranges);
  PathSet() = default;

  // The parts of `item` that the paths find, each in its hierarchy of maps and lists. Elements of a
  // list keep their order and close up: `l[0], l[5]` gives a list of two.
  [[nodiscard]] Item Select(MapView item) const;

 private:
  std::vector<PathElement> elements_;
  std::vector<PathRange> ranges_;  // ascending: by name, by index
};

// A parsed projection. Immutable, so threads may share it; borrows from the text and the names of
// the request, which must outlive it.
class Projection {
 public:
  // Fails with the service's ValidationException, without its "1 validation error detected: ".
  static Result<Projection> Parse(std::string_view text, Placeholders& placeholders);

  // AttributesToGet: top-level attributes, whose names are taken as they stand and are distinct.
  // Borrows them.
  static Projection OfAttributes(std::span<const std::string> names);

  // One column of a SELECT: what a path leads to, under a name of its own.
  struct Column {
    PathRange path;
    std::string name;
  };
  // A list of columns, whose names are distinct; the paths lie in `elements` and are distinct, too.
  static Projection OfColumns(std::vector<PathElement> elements, std::vector<Column> columns);

  // What the projection leaves of `item`: an item, without attributes if no path leads anywhere.
  [[nodiscard]] Item Apply(MapView item) const {
    return columns_.empty() ? paths_.Select(item) : SelectColumns(item);
  }

  // The top-level attributes it names, each once.
  [[nodiscard]] std::span<const AttributeUse> attributes() const { return attributes_; }

 private:
  [[nodiscard]] Item SelectColumns(MapView item) const;

  PathSet paths_;
  std::vector<PathElement> elements_;  // of columns_
  std::vector<Column> columns_;        // of a SELECT, in place of paths_
  std::vector<AttributeUse> attributes_;
};

// What an answer shows of `item`: nothing if there is none, all of it without a projection.
[[nodiscard]] Item Projected(const Item& item, const std::optional<Projection>& projection);

}  // namespace weir::expression
