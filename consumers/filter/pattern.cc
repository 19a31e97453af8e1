// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/pattern.h"

#include <algorithm>
#include <utility>

namespace weir::consumers {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;

bool IsContainer(const JsonNode& value) {
  return value.kind() == JsonKind::kArray || value.kind() == JsonKind::kObject;
}

}  // namespace

template <class Steps>
auto FilterPattern::Seek(Steps& steps, std::string_view name) {
  return std::lower_bound(
      steps.begin(), steps.end(), name,
      [](const Step& step, std::string_view sought) { return step.name.compare(sought) < 0; });
}

// Looks for the fields of one alternative in a record. It follows the record only where a path of
// the pattern leads, or through arrays, so its recursion is no deeper than the record.
class FilterPattern::Search {
 public:
  Search(const std::vector<LeafTest>& tests, const Alternative& alternative)
      : tests_(tests), alternative_(alternative) {}

  bool Matches(const JsonNode& record) const {
    Found found;
    SearchObject(alternative_.root, record, found);
    for (std::size_t field = 0; field < alternative_.tests.size(); ++field) {
      if (!found.matched[field] && !IsAbsentAsAsked(field, found)) {
        return false;
      }
    }
    return true;
  }

 private:
  [[nodiscard]] const LeafTest& TestOf(std::size_t field) const {
    return tests_[alternative_.tests[field]];
  }
  [[nodiscard]] bool IsAbsentAsAsked(std::size_t field, const Found& found) const {
    return TestOf(field).or_absent && !found.present[field];
  }

  // Where the name of a member, which may have points, leads from `step`.
  static const Step* Follow(const Step& step, std::string_view name) {
    const Step* at = &step;
    for (;;) {
      const std::size_t point = name.find('.');
      const std::string_view part = name.substr(0, point);
      const auto next = Seek(at->next, part);
      if (next == at->next.end() || next->name != part) {
        return nullptr;
      }
      at = &*next;
      if (point == std::string_view::npos) {
        return at;
      }
      name.remove_prefix(point + 1);
    }
  }

  void SearchObject(const Step& step, const JsonNode& object, Found& found) const {
    for (const JsonNode member : object) {
      if (const Step* next = Follow(step, member.key())) {
        SearchValue(*next, member, found);
      }
    }
  }

  void SearchValue(const Step& step, const JsonNode& value, Found& found) const {
    if (value.kind() == JsonKind::kObject) {
      SearchObject(step, value, found);
    } else if (value.kind() == JsonKind::kArray) {
      SearchArray(step, value, found);
    } else if (step.field) {
      found.present.set(*step.field);
      if (!found.matched[*step.field] && TestOf(*step.field).Matches(value)) {
        found.matched.set(*step.field);
      }
    }
  }

  // Whether `holds` does for each field that an array at `step` may have: the one whose path ends
  // there, and those whose paths lead on, which are after it in the order of the paths.
  template <class Predicate>
  static bool AllFieldsAt(const Step& step, Predicate holds) {
    if (step.field && !holds(std::size_t{*step.field})) {
      return false;
    }
    for (std::size_t field = step.first; field < step.last; ++field) {
      if (!holds(field)) {
        return false;
      }
    }
    return true;
  }

  // If all fields at `step` that are still sought are matched in `here`, an element of an array, or
  // are absent from it as asked: the first that is matched, or kMaxFields if all are absent.
  [[nodiscard]] std::optional<std::size_t> FirstMatched(const Step& step, const Found& found,
                                                        const Found& here) const {
    std::size_t first = kMaxFields;
    const bool all = AllFieldsAt(step, [&](std::size_t field) {
      if (here.matched[field] && !found.matched[field]) {
        first = std::min(first, field);
      }
      return found.matched[field] || here.matched[field] || IsAbsentAsAsked(field, here);
    });
    return all ? std::optional(first) : std::nullopt;
  }

  // The fields in the objects and arrays of an array are matched together, in one of them. A field
  // that must be absent is looked for in that one alone if another field, before it in the order of
  // the paths, has chosen it; otherwise in all of them. That is how AWS's engine, which goes
  // through the fields in that order, comes to do it. (Not followed: a record in which names with
  // points make the path of an array lead elsewhere, too, so that a part of the fields is there.)
  void SearchArray(const Step& step, const JsonNode& array, Found& found) const {
    for (const JsonNode element : array) {
      if (!IsContainer(element)) {
        SearchValue(step, element, found);
      }
    }
    std::optional<std::size_t> first;
    for (const JsonNode element : array) {
      if (IsContainer(element)) {
        Found here;
        SearchValue(step, element, here);
        found.present |= here.present;
        const std::optional<std::size_t> first_here = FirstMatched(step, found, here);
        if (first_here && (!first || *first_here < *first)) {
          first = first_here;
        }
      }
    }
    // The fields before the first are absent from an element; others may have them.
    if (first && AllFieldsAt(step, [&](std::size_t field) {
          return field >= *first || found.matched[field] || !found.present[field];
        })) {
      AllFieldsAt(step, [&](std::size_t field) {
        if (field >= *first) {
          found.matched.set(field);
        }
        return true;
      });
    }
  }

  const std::vector<LeafTest>& tests_;
  const Alternative& alternative_;
};

void FilterPattern::AddPath(std::string_view path, std::uint16_t field, Step& root) {
  Step* at = &root;
  for (bool more = true; more;) {
    // Paths come in order, and those that lead on from here have the same start.
    at->first = at->last == 0 ? field : at->first;
    at->last = static_cast<std::uint16_t>(field + 1);
    const std::size_t point = path.find('.');
    const std::string_view name = path.substr(0, point);
    auto next = Seek(at->next, name);
    if (next == at->next.end() || next->name != name) {
      next = at->next.insert(next, Step{std::string(name), {}, std::nullopt, 0, 0});
    }
    at = &*next;
    more = point != std::string_view::npos;
    path.remove_prefix(more ? point + 1 : 0);
  }
  at->field = field;
}

Result<FilterPattern, FilterFault> FilterPattern::Parse(std::string_view text) {
  WEIR_ASSIGN_OR_RETURN(ParsedPattern parsed, ParsePattern(text));
  FilterPattern pattern;
  pattern.tests_ = std::move(parsed.tests);
  for (const ParsedPattern::Alternative& fields : parsed.alternatives) {
    Alternative& alternative = pattern.alternatives_.emplace_back();
    for (const auto& [path, test] : fields) {
      AddPath(path, static_cast<std::uint16_t>(alternative.tests.size()), alternative.root);
      alternative.tests.push_back(static_cast<std::uint16_t>(test));
    }
  }
  return pattern;
}

bool FilterPattern::Matches(const JsonNode& record) const {
  if (record.kind() != JsonKind::kObject) {
    return false;
  }
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [this, &record](const Alternative& alternative) {
                       return Search(tests_, alternative).Matches(record);
                     });
}

Result<FilterCriteria, FilterFault> FilterCriteria::Parse(std::span<const std::string> patterns) {
  FilterCriteria criteria;
  for (const std::string& text : patterns) {
    WEIR_ASSIGN_OR_RETURN(FilterPattern pattern, FilterPattern::Parse(text));
    criteria.patterns_.push_back(std::move(pattern));
  }
  return criteria;
}

bool FilterCriteria::Passes(const JsonNode& record) const {
  return patterns_.empty() ||
         std::any_of(patterns_.begin(), patterns_.end(),
                     [&record](const FilterPattern& pattern) { return pattern.Matches(record); });
}

}  // namespace weir::consumers
