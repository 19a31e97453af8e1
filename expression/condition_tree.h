// SPDX-License-Identifier: Apache-2.0
// The parsed form of condition, filter and key condition expressions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/value.h"
#include "expression/path.h"

namespace weir::expression {

enum class NodeType : std::uint8_t {
  kOr,
  kAnd,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kBetween,
  kIn,
  kInSorted,  // kIn of an attribute, with constants that ascend by packed form
  kAttributeExists,
  kAttributeNotExists,
  kAttributeType,
  kBeginsWith,
  kContains,
};

enum class OperandType : std::uint8_t {
  kPath,
  kValue,
  kSizeOfPath,
  kSizeOfValue,
  kOutcome,  // what a condition evaluates to, as a BOOL: `attribute_exists(a) = true`
};

// A path, a constant of the request, size() of either, or another condition.
struct Operand {
  OperandType type = OperandType::kPath;
  PathRange path;
  const char* value = nullptr;  // of kValue and kSizeOfValue: where its packed form starts
  std::uint32_t node = 0;       // of kOutcome: in ConditionTree::nodes
};

inline constexpr std::uint32_t kNoNode = UINT32_MAX;

// Logical nodes have children, the others operands.
struct Node {
  NodeType type = NodeType::kAnd;
  std::uint32_t first = 0;       // its first child in `nodes`, or its first operand in `operands`
  std::uint32_t operands = 0;    // how many operands
  std::uint32_t next = kNoNode;  // the next sibling
};

// A condition on one top-level attribute, with the attribute's name.
struct AttributeNode {
  std::string_view name;
  std::uint32_t node = 0;
  bool holds_when_absent = false;
};

// All parts of an expression, in a few vectors: no node is allocated by itself.
struct ConditionTree {
  std::vector<Node> nodes;
  std::vector<Operand> operands;
  std::vector<PathElement> elements;
  std::vector<AttributeUse> attributes;
  std::uint32_t root = 0;
  // For legacy parameters, whose root joins any number of conditions on one attribute each: those
  // conditions, ascending by name. Empty for expressions.
  std::vector<AttributeNode> by_attribute;
  std::size_t hold_when_absent = 0;  // how many of `by_attribute` do

  // Fills `attributes` from the operands. All operands and their paths must be in place.
  void CollectAttributes() {
    for (const Operand& operand : operands) {
      if (operand.type == OperandType::kPath || operand.type == OperandType::kSizeOfPath) {
        AddUse(attributes, Path(operand.path));
      }
    }
  }

  // How many of `by_attribute` have that outcome for a missing attribute.
  [[nodiscard]] std::size_t AbsentHolding(bool outcome) const {
    return outcome ? hold_when_absent : by_attribute.size() - hold_when_absent;
  }

  [[nodiscard]] PathView Path(PathRange range) const {
    return std::span(elements).subspan(range.first, range.size);
  }
  [[nodiscard]] std::span<const Operand> Operands(const Node& node) const {
    return std::span(operands).subspan(node.first, node.operands);
  }
};

}  // namespace weir::expression
