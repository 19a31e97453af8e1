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
};

// A path, a constant of the request, or size() of either.
struct Operand {
  OperandType type = OperandType::kPath;
  PathRange path;
  const char* value = nullptr;  // of kValue and kSizeOfValue: where its packed form starts
};

inline constexpr std::uint32_t kNoNode = UINT32_MAX;

// Logical nodes have children, the others operands.
struct Node {
  NodeType type = NodeType::kAnd;
  std::uint32_t first = 0;       // its first child in `nodes`, or its first operand in `operands`
  std::uint32_t operands = 0;    // how many
  std::uint32_t next = kNoNode;  // the sibling behind it
};

// All parts of an expression, in a few vectors: no node is allocated by itself.
struct ConditionTree {
  std::vector<Node> nodes;
  std::vector<Operand> operands;
  std::vector<PathElement> elements;
  std::vector<AttributeUse> attributes;
  std::uint32_t root = 0;

  [[nodiscard]] PathView Path(PathRange range) const {
    return std::span(elements).subspan(range.first, range.size);
  }
  [[nodiscard]] std::span<const Operand> Operands(const Node& node) const {
    return std::span(operands).subspan(node.first, node.operands);
  }
};

}  // namespace weir::expression
