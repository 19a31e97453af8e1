// SPDX-License-Identifier: Apache-2.0
#include "expression/comparison_tree.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::expression {
namespace {

// Builds a tree from comparisons on distinct attributes.
class TreeBuilder {
 public:
  ConditionTree Build(std::span<const Comparison> comparisons, Junction junction) {
    std::vector<Comparison> sorted(comparisons.begin(), comparisons.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const Comparison& a, const Comparison& b) { return a.attribute < b.attribute; });
    std::vector<std::uint32_t> children;
    children.reserve(sorted.size());
    for (const Comparison& comparison : sorted) {
      children.push_back(Add(comparison));
      // NE also holds for a missing attribute, as `<>` does (observed on AWS).
      const bool holds_when_absent = comparison.op == ComparisonOperator::kNull ||
                                     comparison.op == ComparisonOperator::kNotEqual;
      tree_.by_attribute.push_back({comparison.attribute, children.back(), holds_when_absent});
      tree_.hold_when_absent += holds_when_absent ? 1 : 0;
    }
    tree_.root = Join(junction == Junction::kOr ? NodeType::kOr : NodeType::kAnd, children);
    return std::move(tree_);
  }

 private:
  std::uint32_t Add(const Comparison& comparison) {
    const auto element = static_cast<std::uint32_t>(tree_.elements.size());
    tree_.elements.push_back({.name = comparison.attribute});
    tree_.attributes.push_back({comparison.attribute, false});
    path_ = {element, 1};
    std::vector<Value> values(comparison.values.begin(), comparison.values.end());
    switch (comparison.op) {
      case ComparisonOperator::kEqual:
        return Leaf(NodeType::kEqual, values);
      case ComparisonOperator::kNotEqual:
        return Leaf(NodeType::kNotEqual, values);
      case ComparisonOperator::kLessOrEqual:
        return Leaf(NodeType::kLessOrEqual, values);
      case ComparisonOperator::kLess:
        return Leaf(NodeType::kLess, values);
      case ComparisonOperator::kGreaterOrEqual:
        return Leaf(NodeType::kGreaterOrEqual, values);
      case ComparisonOperator::kGreater:
        return Leaf(NodeType::kGreater, values);
      case ComparisonOperator::kNotNull:
        return Leaf(NodeType::kAttributeExists, {});
      case ComparisonOperator::kNull:
        return Leaf(NodeType::kAttributeNotExists, {});
      case ComparisonOperator::kContains:
        return Leaf(NodeType::kContains, values);
      case ComparisonOperator::kNotContains:
        return NotContains(values);
      case ComparisonOperator::kBeginsWith:
        return Leaf(NodeType::kBeginsWith, values);
      case ComparisonOperator::kIn:
        // Sorted, since only the request's size bounds the values, unlike those of IN in an
        // expression.
        std::sort(values.begin(), values.end(),
                  [](Value a, Value b) { return a.encoded() < b.encoded(); });
        return Leaf(NodeType::kInSorted, values);
      case ComparisonOperator::kBetween:
        return Leaf(NodeType::kBetween, values);
    }
    return kNoNode;
  }

  // Unlike NE, NOT_CONTAINS does not hold for a missing attribute (observed on AWS).
  std::uint32_t NotContains(std::span<const Value> values) {
    const std::uint32_t exists = Leaf(NodeType::kAttributeExists, {});
    const std::uint32_t contains = Leaf(NodeType::kContains, values);
    const std::uint32_t lacks = Join(NodeType::kNot, {&contains, 1});
    const std::uint32_t both[] = {exists, lacks};
    return Join(NodeType::kAnd, both);
  }

  // A node with the current attribute and the values as operands.
  std::uint32_t Leaf(NodeType type, std::span<const Value> values) {
    const auto first = static_cast<std::uint32_t>(tree_.operands.size());
    tree_.operands.push_back({.path = path_});
    for (const Value value : values) {
      tree_.operands.push_back({OperandType::kValue, {}, value.encoded().data()});
    }
    return AddNode(type, first, static_cast<std::uint32_t>(values.size() + 1));
  }

  // A logical node over `children`, of which there is at least one.
  std::uint32_t Join(NodeType type, std::span<const std::uint32_t> children) {
    for (std::size_t i = 1; i < children.size(); ++i) {
      tree_.nodes[children[i - 1]].next = children[i];
    }
    return AddNode(type, children.front(), 0);
  }

  std::uint32_t AddNode(NodeType type, std::uint32_t first, std::uint32_t operands) {
    tree_.nodes.push_back({.type = type, .first = first, .operands = operands});
    return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
  }

  ConditionTree tree_;
  PathRange path_;  // of the comparison being added
};

}  // namespace

ConditionTree TreeOf(std::span<const Comparison> comparisons, Junction junction) {
  return TreeBuilder().Build(comparisons, junction);
}

std::optional<KeyOperator> KeyOperatorOf(ComparisonOperator op) {
  switch (op) {
    case ComparisonOperator::kEqual:
      return KeyOperator::kEqual;
    case ComparisonOperator::kLess:
      return KeyOperator::kLess;
    case ComparisonOperator::kLessOrEqual:
      return KeyOperator::kLessOrEqual;
    case ComparisonOperator::kGreater:
      return KeyOperator::kGreater;
    case ComparisonOperator::kGreaterOrEqual:
      return KeyOperator::kGreaterOrEqual;
    case ComparisonOperator::kBetween:
      return KeyOperator::kBetween;
    case ComparisonOperator::kBeginsWith:
      return KeyOperator::kBeginsWith;
    default:
      return std::nullopt;
  }
}

}  // namespace weir::expression
