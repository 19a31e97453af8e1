// SPDX-License-Identifier: Apache-2.0
#include "expression/condition_resolver.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/number.h"

namespace weir::expression {
namespace {

// The type of an operand as far as it shows without an item.
std::optional<ValueType> StaticType(const Operand& operand) {
  switch (operand.type) {
    case OperandType::kPath:
      return std::nullopt;
    case OperandType::kValue:
      return Value(operand.value).type();
    case OperandType::kSizeOfPath:
    case OperandType::kSizeOfValue:
      return ValueType::kNumber;
  }
  return std::nullopt;
}

bool IsOrdered(ValueType type) {
  return type == ValueType::kString || type == ValueType::kNumber || type == ValueType::kBinary;
}

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

struct Function {
  std::string_view name;
  NodeType type;
  std::size_t operands;
};

constexpr Function kFunctions[] = {
    {"attribute_exists", NodeType::kAttributeExists, 1},
    {"attribute_not_exists", NodeType::kAttributeNotExists, 1},
    {"attribute_type", NodeType::kAttributeType, 2},
    {"begins_with", NodeType::kBeginsWith, 2},
    {"contains", NodeType::kContains, 2},
};

constexpr std::string_view kSize = "size";

}  // namespace

Status ConditionResolver::CheckCondition(std::uint32_t index) const {
  const SyntaxNode& node = parser_.node(index);
  switch (node.type) {
    case SyntaxType::kOr:
    case SyntaxType::kAnd:
    case SyntaxType::kNot:
      for (std::uint32_t child = node.child; child != kNone; child = parser_.node(child).next) {
        WEIR_RETURN_IF_ERROR(CheckCondition(child));
      }
      return {};
    case SyntaxType::kFunction:
      WEIR_RETURN_IF_ERROR(resolver_.CheckFunctionName(node));
      if (parser_.Text(node.token) == kSize) {
        return parser_.faults().MisplacedFunction(kSize);
      }
      return CheckArguments(node);
    default:
      return CheckArguments(node);
  }
}

Status ConditionResolver::CheckOperand(std::uint32_t index) const {
  const SyntaxNode& node = parser_.node(index);
  if (node.type == SyntaxType::kPath) {
    return resolver_.CheckPath(node);
  }
  if (node.type == SyntaxType::kFunction) {
    WEIR_RETURN_IF_ERROR(resolver_.CheckFunctionName(node));
    if (parser_.Text(node.token) != kSize) {
      return parser_.faults().MisplacedFunction(parser_.Text(node.token));
    }
    return CheckArguments(node);
  }
  return {};
}

Status ConditionResolver::CheckArguments(const SyntaxNode& node) const {
  for (std::uint32_t child = node.child; child != kNone; child = parser_.node(child).next) {
    WEIR_RETURN_IF_ERROR(CheckOperand(child));
  }
  return {};
}

Result<ConditionTree> ConditionResolver::Resolve(std::uint32_t root) {
  WEIR_ASSIGN_OR_RETURN(tree_.root, BuildCondition(root));
  tree_.elements = resolver_.TakeElements();
  for (const Operand& operand : tree_.operands) {
    if (operand.type == OperandType::kPath || operand.type == OperandType::kSizeOfPath) {
      AddUse(tree_.attributes, tree_.Path(operand.path));
    }
  }
  return std::move(tree_);
}

Result<std::uint32_t> ConditionResolver::BuildCondition(std::uint32_t index) {
  const SyntaxNode& node = parser_.node(index);
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
  for (std::uint32_t child = node.child; child != kNone; child = parser_.node(child).next) {
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
  const NodeType type = ComparatorType(parser_.token(node.token).type);
  const std::string_view op = parser_.Text(node.token);
  if (type != NodeType::kEqual && type != NodeType::kNotEqual) {
    WEIR_RETURN_IF_ERROR(CheckOrdered(op, operands));
  }
  WEIR_RETURN_IF_ERROR(CheckDistinct(op, operands));
  return AddNode(type, operands);
}

Result<std::uint32_t> ConditionResolver::BuildBetween(const SyntaxNode& node) {
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  WEIR_RETURN_IF_ERROR(CheckOrdered("BETWEEN", operands));
  WEIR_RETURN_IF_ERROR(CheckDistinct("BETWEEN", operands));
  WEIR_RETURN_IF_ERROR(CheckBounds(operands[1], operands[2]));
  return AddNode(NodeType::kBetween, operands);
}

Result<std::uint32_t> ConditionResolver::BuildIn(const SyntaxNode& node) {
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  WEIR_RETURN_IF_ERROR(CheckDistinct("IN", operands));
  if (operands.size() - 1 > kMaxInOperands) {
    return parser_.faults().Make(
        "The IN operator is provided with too many operands; number of operands: " +
        std::to_string(operands.size() - 1));
  }
  return AddNode(NodeType::kIn, operands);
}

Result<std::uint32_t> ConditionResolver::BuildFunction(const SyntaxNode& node) {
  const std::string_view name = parser_.Text(node.token);
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(node));
  const Function& function =
      *std::find_if(std::begin(kFunctions), std::end(kFunctions),
                    [&](const Function& candidate) { return candidate.name == name; });
  if (operands.size() != function.operands) {
    return parser_.faults().OperandCount(name, operands.size());
  }
  if (function.operands == 1) {
    if (operands[0].type != OperandType::kPath) {
      return parser_.faults().NoPath(name);
    }
    return AddNode(function.type, operands);
  }
  WEIR_RETURN_IF_ERROR(CheckDistinct(name, operands));
  if (function.type == NodeType::kAttributeType) {
    WEIR_RETURN_IF_ERROR(CheckAttributeType(operands[1]));
  } else if (function.type == NodeType::kBeginsWith) {
    WEIR_RETURN_IF_ERROR(CheckBeginsWith(operands));
  }
  return AddNode(function.type, operands);
}

Result<std::span<const Operand>> ConditionResolver::BuildOperands(const SyntaxNode& node) {
  const std::size_t first = tree_.operands.size();
  for (std::uint32_t child = node.child; child != kNone; child = parser_.node(child).next) {
    WEIR_ASSIGN_OR_RETURN(const Operand operand, BuildOperand(child));
    tree_.operands.push_back(operand);
  }
  return std::span<const Operand>(tree_.operands).subspan(first);
}

Result<Operand> ConditionResolver::BuildOperand(std::uint32_t index) {
  const SyntaxNode& node = parser_.node(index);
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

// CheckNames has left no other function in the place of an operand.
Result<Operand> ConditionResolver::BuildSize(const SyntaxNode& node) {
  Operand operand;
  std::size_t count = 0;
  for (std::uint32_t child = node.child; child != kNone; child = parser_.node(child).next) {
    WEIR_ASSIGN_OR_RETURN(operand, BuildOperand(child));
    ++count;
  }
  if (count != 1) {
    return parser_.faults().OperandCount(kSize, count);
  }
  const std::optional<ValueType> type = StaticType(operand);
  if (type == ValueType::kNumber || type == ValueType::kBool || type == ValueType::kNull) {
    return parser_.faults().OperandType(kSize, TypeName(*type));
  }
  operand.type = type.has_value() ? OperandType::kSizeOfValue : OperandType::kSizeOfPath;
  return operand;
}

std::uint32_t ConditionResolver::AddNode(NodeType type, std::span<const Operand> operands) {
  const auto first = static_cast<std::uint32_t>(tree_.operands.size() - operands.size());
  tree_.nodes.push_back({type, first, static_cast<std::uint32_t>(operands.size()), kNoNode});
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

Status ConditionResolver::CheckOrdered(std::string_view op,
                                       std::span<const Operand> operands) const {
  for (const Operand& operand : operands) {
    const std::optional<ValueType> type = StaticType(operand);
    if (type.has_value() && !IsOrdered(*type)) {
      return parser_.faults().OperandType(op, TypeName(*type));
    }
  }
  return {};
}

Status ConditionResolver::CheckDistinct(std::string_view op,
                                        std::span<const Operand> operands) const {
  if (operands[0].type != OperandType::kPath) {
    return {};
  }
  const PathView first = resolver_.View(operands[0].path);
  for (const Operand& operand : operands.subspan(1)) {
    const PathView other = resolver_.View(operand.path);
    if (operand.type == OperandType::kPath &&
        std::equal(first.begin(), first.end(), other.begin(), other.end())) {
      return parser_.faults().NotDistinct(op, first);
    }
  }
  return {};
}

Status ConditionResolver::CheckBounds(const Operand& lower, const Operand& upper) const {
  if (lower.type != OperandType::kValue || upper.type != OperandType::kValue) {
    return {};
  }
  const Value low(lower.value);
  const Value high(upper.value);
  std::string fault;
  if (low.type() != high.type()) {
    fault = "The BETWEEN operator requires same data type for lower and upper bounds";
  } else if (low.bytes() > high.bytes()) {
    fault = "The BETWEEN operator requires upper bound to be greater than or equal to lower bound";
  } else {
    return {};
  }
  fault.append("; lower bound operand: ").append(ScalarText(low));
  fault.append(", upper bound operand: ").append(ScalarText(high));
  return parser_.faults().Make(fault);
}

Status ConditionResolver::CheckAttributeType(const Operand& name) const {
  constexpr std::string_view kTypes[] = {"B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"};
  const std::optional<ValueType> type = StaticType(name);
  if (type != ValueType::kString) {
    return parser_.faults().OperandType(
        "attribute_type", type.has_value() ? TypeName(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  }
  const std::string_view text = Value(name.value).bytes();
  if (std::find(std::begin(kTypes), std::end(kTypes), text) == std::end(kTypes)) {
    return parser_.faults().Make(std::string("Invalid attribute type name found; type: ")
                                     .append(text)
                                     .append(", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"));
  }
  return {};
}

Status ConditionResolver::CheckBeginsWith(std::span<const Operand> operands) const {
  for (const Operand& operand : operands) {
    const std::optional<ValueType> type = StaticType(operand);
    if (type.has_value() && type != ValueType::kString && type != ValueType::kBinary) {
      return parser_.faults().OperandType("begins_with", TypeName(*type));
    }
  }
  return {};
}

}  // namespace weir::expression
