// SPDX-License-Identifier: Apache-2.0
#include "expression/projection.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/value_writer.h"
#include "expression/names.h"
#include "expression/parser.h"
#include "expression/resolver.h"
#include "expression/syntax.h"
#include "expression/syntax_cache.h"
#include "expression/targets.h"

namespace weir::expression {
namespace {

// Names before indices, each ascending, so that paths with a common beginning are neighbours.
bool Before(const PathElement& a, const PathElement& b) {
  if (a.is_index != b.is_index) {
    return b.is_index;
  }
  return a.is_index ? a.index < b.index : a.name < b.name;
}

// Writes what sorted paths select. Recursion is as deep as the longest path, kMaxPathElements.
class Selection {
 public:
  Selection(std::span<const PathElement> elements, ValueWriter& writer)
      : elements_(elements), writer_(writer) {}

  using Range = std::span<const PathRange>;
  // `paths` agree in their first `depth` elements, which have led to `map`.
  void WriteMap(MapView map, Range paths, std::size_t depth) {
    for (; !paths.empty(); paths = paths.subspan(GroupSize(paths, depth))) {
      const Range group = paths.first(GroupSize(paths, depth));
      const std::string_view name = At(group.front(), depth).name;
      const std::optional<Value> value = map.Find(name);
      if (value.has_value() && Finds(*value, group, depth + 1)) {
        writer_.Name(name);
        WriteValue(*value, group, depth + 1);
      }
    }
  }

 private:
  [[nodiscard]] const PathElement& At(const PathRange& path, std::size_t depth) const {
    return elements_[path.first + depth];
  }

  // How many paths at the front have the same element at `depth`.
  [[nodiscard]] std::size_t GroupSize(Range paths, std::size_t depth) const {
    const PathElement& element = At(paths.front(), depth);
    std::size_t size = 1;
    while (size < paths.size() && At(paths[size], depth) == element) {
      ++size;
    }
    return size;
  }

  // Whether any of `paths` finds a value. Their first `depth` elements have led to `value`.
  [[nodiscard]] bool Finds(Value value, Range paths, std::size_t depth) const {
    return std::any_of(paths.begin(), paths.end(), [&](const PathRange& path) {
      std::optional<Value> found = value;
      for (std::size_t i = depth; i < path.size && found.has_value(); ++i) {
        found = Step(*found, At(path, i));
      }
      return found.has_value();
    });
  }

  [[nodiscard]] static std::optional<Value> Step(Value value, const PathElement& element) {
    if (value.type() != (element.is_index ? ValueType::kList : ValueType::kMap)) {
      return std::nullopt;
    }
    return element.is_index ? value.list().At(element.index) : value.map().Find(element.name);
  }

  void WriteValue(Value value, Range paths, std::size_t depth) {
    if (paths.front().size == depth) {
      writer_.Copy(value);
    } else if (value.type() == ValueType::kMap) {
      writer_.BeginMap();
      WriteMap(value.map(), paths, depth);
      writer_.EndMap();
    } else {
      writer_.BeginList();
      WriteList(value.list(), paths, depth);
      writer_.EndList();
    }
  }

  void WriteList(ListView list, Range paths, std::size_t depth) {
    for (; !paths.empty(); paths = paths.subspan(GroupSize(paths, depth))) {
      const Range group = paths.first(GroupSize(paths, depth));
      const std::optional<Value> value = list.At(At(group.front(), depth).index);
      if (value.has_value() && Finds(*value, group, depth + 1)) {
        WriteValue(*value, group, depth + 1);
      }
    }
  }

  std::span<const PathElement> elements_;
  ValueWriter& writer_;
};

// projection := path (`,` path)*
Result<Syntax> ReadProjection(Faults faults, std::string_view text) {
  Parser parser(faults, text);
  WEIR_RETURN_IF_ERROR(parser.CheckText());
  do {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t path, parser.ParsePath());
    parser.AddRoot(path);
  } while (parser.Accept(TokenType::kComma));
  WEIR_RETURN_IF_ERROR(parser.Expect(TokenType::kEnd));
  const SyntaxView syntax = parser.View();
  for (const std::uint32_t path : syntax.roots()) {
    WEIR_RETURN_IF_ERROR(CheckPathNames(syntax, syntax.node(path)));
  }
  return parser.Take();
}

}  // namespace

PathSet::PathSet(std::vector<PathElement> elements, std::vector<PathRange> ranges)
    : elements_(std::move(elements)), ranges_(std::move(ranges)) {
  std::sort(ranges_.begin(), ranges_.end(), [this](const PathRange& a, const PathRange& b) {
    const auto path = [this](const PathRange& range) {
      return std::span<const PathElement>(elements_).subspan(range.first, range.size);
    };
    return std::lexicographical_compare(path(a).begin(), path(a).end(), path(b).begin(),
                                        path(b).end(), Before);
  });
}

Item PathSet::Select(MapView item) const {
  ValueWriter writer;
  writer.BeginItem();
  Selection(elements_, writer).WriteMap(item, ranges_, 0);
  return writer.FinishItem();
}

Result<Projection> Projection::Parse(std::string_view text, Placeholders& placeholders) {
  const Faults faults(ExpressionKind::kProjection, placeholders.texts());
  WEIR_ASSIGN_OR_RETURN(const SyntaxView syntax, SyntaxOf(faults, text, ReadProjection));
  Resolver resolver(syntax, placeholders);
  WEIR_ASSIGN_OR_RETURN(std::vector<PathRange> ranges, ResolveTargets(syntax, resolver));
  Projection projection;
  for (const PathRange& range : ranges) {
    AddUse(projection.attributes_, resolver.View(range));
  }
  projection.paths_ = PathSet(resolver.TakeElements(), std::move(ranges));
  return projection;
}

Projection Projection::OfAttributes(std::span<const std::string> names) {
  Projection projection;
  std::vector<PathElement> elements;
  std::vector<PathRange> ranges;
  for (const std::string& name : names) {
    ranges.push_back({static_cast<std::uint32_t>(elements.size()), 1});
    elements.push_back({.name = name});
    projection.attributes_.push_back({name, false});
  }
  projection.paths_ = PathSet(std::move(elements), std::move(ranges));
  return projection;
}

Projection Projection::OfColumns(std::vector<PathElement> elements, std::vector<Column> columns) {
  Projection projection;
  projection.elements_ = std::move(elements);
  projection.columns_ = std::move(columns);
  for (const Column& column : projection.columns_) {
    AddUse(projection.attributes_, std::span(std::as_const(projection.elements_))
                                       .subspan(column.path.first, column.path.size));
  }
  return projection;
}

Item Projection::SelectColumns(MapView item) const {
  ValueWriter writer;
  writer.BeginItem();
  for (const Column& column : columns_) {
    const std::optional<Value> value =
        FindPath(item, std::span(elements_).subspan(column.path.first, column.path.size));
    if (value.has_value()) {
      writer.Name(column.name);
      writer.Copy(*value);
    }
  }
  return writer.FinishItem();
}

Item Projected(const Item& item, const std::optional<Projection>& projection) {
  return item && projection.has_value() ? projection->Apply(item.attributes()) : item;
}

}  // namespace weir::expression
