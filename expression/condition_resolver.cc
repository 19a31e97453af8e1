// SPDX-License-Identifier: Apache-2.0
#include "expression/condition_resolver.h"

#include <utility>

namespace weir::expression {
namespace {

NodeType ComparatorType(TokenType token) {
  switch (token) {
    case TokenType::kNotEqual:
      return NodeType::kNotEqual;
    case TokenType::kLess:
      return NodeType::kLess;
    case TokenType::kLessOrEqual:
      return NodeType::kLessOrEqual;
    case TokenType::kGreater:
      return NodeType::kGreater;
    case TokenType::kGreaterOrEqual:
      return NodeType::kGreaterOrEqual;
    default:
      return NodeType::kEqual;
  }
}

}  // namespace

Result<ConditionTree> ConditionResolver::Resolve() {
  WEIR_ASSIGN_OR_RETURN(tree_.root, BuildCondition(syntax_.roots().front()));
  tree_.elements = resolver_.TakeElements();
  tree_.CollectAttributes();
  return std::move(tree_);
}

Result<std::uint32_t> ConditionResolver::BuildCondition(std::uint32_t index) {
  const SyntaxNode& node = syntax_.node(index);
  switch (node.type) {
    case SyntaxType::kOr:
      return BuildLogical(node, NodeType::kOr);
    case SyntaxType::kAnd:
      return BuildLogical(node, NodeType::kAnd);
    case SyntaxType::kNot:
      return BuildLogical(node, NodeType::kNot);
    case SyntaxType::kCompare:
      return BuildComparison(node);
    case SyntaxType::kBetween:
      return BuildBetween(node);
    case SyntaxType::kIn:
      return BuildIn(node);
    default:
      return BuildFunction(node);
  }
}

Result<std::uint32_t> ConditionResolver::BuildLogical(const SyntaxNode& node, NodeType type) {
  std::uint32_t first = kNoNode;
  std::uint32_t last = kNoNode;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.node(child).next) {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t built, BuildCondition(child));
    if (first == kNoNode) {
      first = built;
    } else {
      tree_.nodes[last].next = built;
    }
    last = built;
  }
  tree_.nodes.push_back({type, first, 0, kNoNode});
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

Result<std::uint32_t> ConditionResolver::BuildComparison(const SyntaxNode& node) {
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  const NodeType type = ComparatorType(syntax_.token(node.token).type);
  const std::string_view op = syntax_.Text(node.token);
  if (type != NodeType::kEqual && type != NodeType::kNotEqual) {
    WEIR_RETURN_IF_ERROR(checks_.CheckOrdered(op, operands));
  }
  WEIR_RETURN_IF_ERROR(checks_.CheckDistinct(op, operands));
  return AddNode(type, operands);
}

Result<std::uint32_t> ConditionResolver::BuildBetween(const SyntaxNode& node) {
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  WEIR_RETURN_IF_ERROR(checks_.CheckOrdered("BETWEEN", operands));
  WEIR_RETURN_IF_ERROR(checks_.CheckDistinct("BETWEEN", operands));
  WEIR_RETURN_IF_ERROR(checks_.CheckBounds(operands[1], operands[2]));
  return AddNode(NodeType::kBetween, operands);
}

Result<std::uint32_t> ConditionResolver::BuildIn(const SyntaxNode& node) {
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  WEIR_RETURN_IF_ERROR(checks_.CheckIn(operands));
  return AddNode(NodeType::kIn, operands);
}

Result<std::uint32_t> ConditionResolver::BuildFunction(const SyntaxNode& node) {
  const std::string_view name = syntax_.Text(node.token);
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  WEIR_ASSIGN_OR_RETURN(const NodeType type, checks_.CheckFunction(name, operands));
  return AddNode(type, operands);
}

Result<std::span<const Operand>> ConditionResolver::BuildOperands(const SyntaxNode& node) {
  const std::size_t first = tree_.operands.size();
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.node(child).next) {
    WEIR_ASSIGN_OR_RETURN(const Operand operand, BuildOperand(child));
    tree_.operands.push_back(operand);
  }
  return std::span<const Operand>(tree_.operands).subspan(first);
}

Result<Operand> ConditionResolver::BuildOperand(std::uint32_t index) {
  const SyntaxNode& node = syntax_.node(index);
  if (node.type == SyntaxType::kFunction) {
    return BuildSize(node);
  }
  Operand operand;
  if (node.type == SyntaxType::kPath) {
    WEIR_ASSIGN_OR_RETURN(operand.path, resolver_.ResolvePath(node));
    return operand;
  }
  WEIR_ASSIGN_OR_RETURN(const Value value, resolver_.ResolveValue(node));
  operand.type = OperandType::kValue;
  operand.value = value.encoded().data();
  return operand;
}

// The check of names (condition_parser.cc) lets no other function stand as an operand.
Result<Operand> ConditionResolver::BuildSize(const SyntaxNode& node) {
  const std::size_t first = tree_.operands.size();
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  Result<Operand> size = checks_.SizeOf(operands);
  tree_.operands.resize(first);
  return size;
}

std::uint32_t ConditionResolver::AddNode(NodeType type, std::span<const Operand> operands) {
  const auto first = static_cast<std::uint32_t>(tree_.operands.size() - operands.size());
  tree_.nodes.push_back({type, first, static_cast<std::uint32_t>(operands.size()), kNoNode});
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

}  // namespace weir::expression
