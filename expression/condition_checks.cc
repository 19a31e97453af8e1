// SPDX-License-Identifier: Apache-2.0
#include "expression/condition_checks.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "expression/syntax.h"

namespace weir::expression {
namespace {

bool IsOrdered(ValueType type) {
  return type == ValueType::kString || type == ValueType::kNumber || type == ValueType::kBinary;
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

}  // namespace

std::optional<ValueType> StaticType(const Operand& operand) {
  switch (operand.type) {
    case OperandType::kPath:
      return std::nullopt;
    case OperandType::kValue:
      return Value(operand.value).type();
    case OperandType::kSizeOfPath:
    case OperandType::kSizeOfValue:
      return ValueType::kNumber;
    case OperandType::kOutcome:
      return ValueType::kBool;
  }
  return std::nullopt;
}

Result<NodeType> OperandChecks::CheckFunction(std::string_view name,
                                              std::span<const Operand> operands) const {
  const Function& function =
      *std::find_if(std::begin(kFunctions), std::end(kFunctions),
                    [&](const Function& candidate) { return candidate.name == name; });
  if (operands.size() != function.operands) {
    return faults_.OperandCount(name, operands.size());
  }
  if (function.operands == 1) {
    if (operands[0].type != OperandType::kPath) {
      return faults_.NoPath(name);
    }
    return function.type;
  }
  WEIR_RETURN_IF_ERROR(CheckDistinct(name, operands));
  if (function.type == NodeType::kAttributeType) {
    WEIR_RETURN_IF_ERROR(CheckAttributeType(operands[1]));
  } else if (function.type == NodeType::kBeginsWith) {
    WEIR_RETURN_IF_ERROR(CheckBeginsWith(operands));
  }
  return function.type;
}

Result<Operand> OperandChecks::SizeOf(std::span<const Operand> operands) const {
  if (operands.size() != 1) {
    return faults_.OperandCount("size", operands.size());
  }
  Operand operand = operands[0];
  const std::optional<ValueType> type = StaticType(operand);
  if (type == ValueType::kNumber || type == ValueType::kBool || type == ValueType::kNull) {
    return faults_.OperandType("size", TypeName(*type));
  }
  operand.type = type.has_value() ? OperandType::kSizeOfValue : OperandType::kSizeOfPath;
  return operand;
}

Status OperandChecks::CheckIn(std::span<const Operand> operands) const {
  WEIR_RETURN_IF_ERROR(CheckDistinct("IN", operands));
  if (operands.size() - 1 > kMaxInOperands) {
    return faults_.Make("The IN operator is provided with too many operands; number of operands: " +
                        std::to_string(operands.size() - 1));
  }
  return {};
}

Status OperandChecks::CheckOrdered(std::string_view op, std::span<const Operand> operands) const {
  for (const Operand& operand : operands) {
    const std::optional<ValueType> type = StaticType(operand);
    if (type.has_value() && !IsOrdered(*type)) {
      return faults_.OperandType(op, TypeName(*type));
    }
  }
  return {};
}

Status OperandChecks::CheckDistinct(std::string_view op, std::span<const Operand> operands) const {
  if (operands[0].type != OperandType::kPath) {
    return {};
  }
  const PathView first = View(operands[0].path);
  for (const Operand& operand : operands.subspan(1)) {
    const PathView other = View(operand.path);
    if (operand.type == OperandType::kPath &&
        std::equal(first.begin(), first.end(), other.begin(), other.end())) {
      return faults_.NotDistinct(op, first);
    }
  }
  return {};
}

Status OperandChecks::CheckBounds(const Operand& lower, const Operand& upper) const {
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
  return faults_.Make(fault);
}

Status OperandChecks::CheckAttributeType(const Operand& name) const {
  constexpr std::string_view kTypes[] = {"B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"};
  const std::optional<ValueType> type = StaticType(name);
  if (type != ValueType::kString) {
    return faults_.OperandType(
        "attribute_type", type.has_value() ? TypeName(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  }
  const std::string_view text = Value(name.value).bytes();
  if (std::find(std::begin(kTypes), std::end(kTypes), text) == std::end(kTypes)) {
    return faults_.Make(std::string("Invalid attribute type name found; type: ")
                            .append(text)
                            .append(", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"));
  }
  return {};
}

Status OperandChecks::CheckBeginsWith(std::span<const Operand> operands) const {
  for (const Operand& operand : operands) {
    const std::optional<ValueType> type = StaticType(operand);
    if (type.has_value() && type != ValueType::kString && type != ValueType::kBinary) {
      return faults_.OperandType("begins_with", TypeName(*type));
    }
  }
  return {};
}

}  // namespace weir::expression
