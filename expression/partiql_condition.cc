// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_condition.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "expression/names.h"
#include "expression/partiql_keywords.h"

namespace weir::expression {
namespace {

using Kind = PartiqlNodeType;

struct Comparator {
  std::string_view word;
  NodeType type;
};

constexpr Comparator kComparators[] = {
    {"=", NodeType::kEqual},         {"<>", NodeType::kNotEqual},
    {"<", NodeType::kLess},          {"<=", NodeType::kLessOrEqual},
    {">", NodeType::kGreater},       {">=", NodeType::kGreaterOrEqual},
    {"between", NodeType::kBetween}, {"not_between", NodeType::kBetween},
};

const Comparator* FindComparator(std::string_view word) {
  const auto* found =
      std::find_if(std::begin(kComparators), std::end(kComparators),
                   [&](const Comparator& comparator) { return comparator.word == word; });
  return found == std::end(kComparators) ? nullptr : found;
}

std::optional<NodeType> LogicalType(const PartiqlSyntax& syntax, const PartiqlNode& node) {
  if (node.type != Kind::kOperator) {
    return std::nullopt;
  }
  const std::string_view word = syntax.Token(node).word;
  if (word == "and") {
    return NodeType::kAnd;
  }
  if (word == "or") {
    return NodeType::kOr;
  }
  return word == "not" ? std::optional(NodeType::kNot) : std::nullopt;
}

// "DoublePrecisionType" for "DOUBLE_PRECISION".
std::string TypeClass(std::string_view type) {
  std::string name;
  bool first = true;
  for (const char c : type) {
    if (c != '_') {
      name.push_back(first ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
    first = c == '_';
  }
  return name + "Type";
}

// What attribute_type() calls the type after IS; empty for a type that no attribute has, or that
// the service does not accept after IS.
std::string_view AttributeTypeOf(std::string_view type) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"NULL", "NULL"}, {"BOOLEAN", "BOOL"}, {"BLOB", "B"},  {"STRING", "S"},
      {"NUMERIC", "N"}, {"STRUCT", "M"},     {"TUPLE", "M"}, {"LIST", "L"}};
  for (const auto& [name, attribute_type] : kTypes) {
    if (name == type) {
      return attribute_type;
    }
  }
  return {};
}

}  // namespace

std::string PartiqlFunctionName(const PartiqlToken& token) {
  std::string name = token.text;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

ApiError UnrecognizedFunction(const PartiqlToken& token) {
  return ValidationError("Unrecognized function: " + PartiqlFunctionName(token) +
                         AtPosition(token));
}

Result<ConditionTree> PartiqlConditionBuilder::Build(std::uint32_t where) {
  if (!IsCondition(syntax_.nodes[where])) {
    if (syntax_.nodes[where].type == Kind::kPath) {
      WEIR_RETURN_IF_ERROR(paths_.Resolve(where));  // reports a malformed path as such
    }
    return ValidationError("WHERE clause must contain an expression that resolves to a boolean");
  }
  WEIR_ASSIGN_OR_RETURN(tree_.root, BuildCondition(where));
  tree_.elements = paths_.elements();
  tree_.CollectAttributes();
  return std::move(tree_);
}

bool PartiqlConditionBuilder::IsCondition(const PartiqlNode& node) const {
  return node.type == Kind::kOperator || node.type == Kind::kIsType ||
         (node.type == Kind::kCall && PartiqlFunctionName(syntax_.Token(node)) != "size");
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildCondition(std::uint32_t index) {
  const PartiqlNode& node = syntax_.nodes[index];
  if (node.type == Kind::kIsType) {
    return BuildIsType(node);
  }
  if (node.type == Kind::kCall) {
    return BuildCall(node);
  }
  if (const std::optional<NodeType> type = LogicalType(syntax_, node)) {
    return BuildLogical(node, *type);
  }
  return BuildOperator(node);
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildLogical(const PartiqlNode& node,
                                                                          NodeType type) {
  const auto logical = static_cast<std::uint32_t>(tree_.nodes.size());
  tree_.nodes.push_back({type, kNoNode, 0, kNoNode});
  std::uint32_t last = kNoNode;
  WEIR_RETURN_IF_ERROR(AddChildren(node, type, logical, last));
  return logical;
}

// `a AND (b AND c)` is one node: planning looks at all joined conditions, however they are grouped.
Status PartiqlConditionBuilder::AddChildren(const PartiqlNode& node, NodeType type,
                                            std::uint32_t logical, std::uint32_t& last) {
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    const PartiqlNode& operand = syntax_.nodes[child];
    if (!IsCondition(operand) && type != NodeType::kNot && operand.type == Kind::kCall) {
      return Faults(ExpressionKind::kPartiql)  // of size()
          .OperandType(type == NodeType::kAnd ? "AND" : "OR", "N");
    }
    if (!IsCondition(operand)) {
      return ValidationError(type == NodeType::kNot
                                 ? "The argument to NOT must be a Type or Expression"
                                 : "The arguments to AND/OR must be Expressions");
    }
    if (type != NodeType::kNot && LogicalType(syntax_, operand) == type) {
      WEIR_RETURN_IF_ERROR(AddChildren(operand, type, logical, last));
      continue;
    }
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t built, BuildCondition(child));
    (last == kNoNode ? tree_.nodes[logical].first : tree_.nodes[last].next) = built;
    last = built;
  }
  return {};
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildOperator(
    const PartiqlNode& node) {
  const PartiqlToken& token = syntax_.Token(node);
  if (token.word == "in" || token.word == "not_in") {
    return BuildIn(node);
  }
  const Comparator* comparator = FindComparator(token.word);
  if (comparator == nullptr) {
    const std::string_view word = token.word.empty() ? "*" : token.word;
    return ValidationError("Unsupported operator in Condition Expression. Operator: " +
                           std::string(word == "not_like" ? "like" : word));
  }
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildChildren(node));
  const NodeType type = comparator->type;
  const std::string_view name = type == NodeType::kBetween ? "BETWEEN" : comparator->word;
  if (type != NodeType::kEqual && type != NodeType::kNotEqual) {
    WEIR_RETURN_IF_ERROR(checks_.CheckOrdered(name, operands));
  }
  WEIR_RETURN_IF_ERROR(checks_.CheckDistinct(name, operands));
  if (type == NodeType::kBetween) {
    WEIR_RETURN_IF_ERROR(checks_.CheckBounds(operands[1], operands[2]));
  }
  return Negated(node.negated, AddNode(type, operands));
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildIn(const PartiqlNode& node) {
  const PartiqlNode& list = syntax_.nodes[syntax_.nodes[node.child].next];
  if ((list.type != Kind::kList && list.type != Kind::kBag) || list.child == kNone) {
    return ValidationError(
        "IN operator must have a left hand argument of type Variable Reference and right hand "
        "argument of type Seq with at least one member");
  }
  std::vector<std::uint32_t> nodes{node.child};
  for (std::uint32_t element = list.child; element != kNone;
       element = syntax_.nodes[element].next) {
    nodes.push_back(element);
  }
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildOperands(nodes));
  WEIR_RETURN_IF_ERROR(checks_.CheckIn(operands));
  return Negated(node.negated, AddNode(NodeType::kIn, operands));
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildIsType(const PartiqlNode& node) {
  const PartiqlNode& left = syntax_.nodes[node.child];
  if (left.type == Kind::kMissing) {
    return ValidationError("MISSING must be compared using IS operator");
  }
  if (!PartiqlPaths::IsPath(left) && left.type != Kind::kLiteral) {
    return ValidationError(
        "The left hand side argument to IS must be a Variable Reference, Literal, or Path");
  }
  WEIR_ASSIGN_OR_RETURN(std::span<const Operand> operands, BuildChildren(node));
  const std::string_view type = PartiqlTypeName(syntax_.Token(node).word);
  if (type == "MISSING") {
    WEIR_ASSIGN_OR_RETURN(const NodeType missing,
                          checks_.CheckFunction("attribute_not_exists", operands));
    return Negated(node.negated, AddNode(missing, operands));
  }
  const std::string_view attribute_type = AttributeTypeOf(type);
  if (attribute_type.empty()) {
    return ValidationError(
        "Unsupported data type for IS operator: " + TypeClass(type) +
        ". Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, "
        "TUPLE, LIST]" +
        AtPosition(syntax_.Token(left)));
  }
  Operand name;
  name.type = OperandType::kValue;
  name.value = values_.Text(attribute_type).encoded().data();
  tree_.operands.push_back(name);
  operands = std::span(std::as_const(tree_.operands)).last(2);
  return Negated(node.negated, AddNode(NodeType::kAttributeType, operands));
}

PartiqlConditionBuilder::NodeResult PartiqlConditionBuilder::BuildCall(const PartiqlNode& node) {
  const PartiqlToken& token = syntax_.Token(node);
  const std::string name = PartiqlFunctionName(token);
  switch (FamilyOf(name)) {
    case FunctionFamily::kUnknown:
      if (name == "exists") {  // a SELECT as its operand is reported first
        WEIR_RETURN_IF_ERROR(BuildChildren(node));
      }
      return UnrecognizedFunction(token);
    case FunctionFamily::kUpdate:
      return ValidationError("The function is not allowed in a condition expression; function: " +
                             name);
    case FunctionFamily::kCondition:
      break;
  }
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildChildren(node));
  WEIR_ASSIGN_OR_RETURN(const NodeType type, checks_.CheckFunction(name, operands));
  return AddNode(type, operands);
}

Status PartiqlConditionBuilder::CheckTerms(std::uint32_t index) {
  const PartiqlNode& node = syntax_.nodes[index];
  if (node.type == Kind::kMissing) {
    return ValidationError("MISSING must be compared using IS operator");
  }
  if (PartiqlValues::IsConstant(node)) {
    const Result<Value> value = values_.Constant(index);
    return value.ok() ? Status() : Status(value.error());
  }
  const bool is_call = node.type == Kind::kCall;
  if (is_call && FamilyOf(PartiqlFunctionName(syntax_.Token(node))) == FunctionFamily::kUnknown) {
    const NodeResult call = BuildCall(node);
    return call.error();
  }
  if (!is_call && node.type != Kind::kOperator && node.type != Kind::kIsType) {
    return {};
  }
  const bool is_in = node.type == Kind::kOperator &&
                     (syntax_.Token(node).word == "in" || syntax_.Token(node).word == "not_in");
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    if (!is_in || child == node.child) {
      WEIR_RETURN_IF_ERROR(CheckTerms(child));
      continue;
    }
    for (std::uint32_t element = syntax_.nodes[child].child; element != kNone;
         element = syntax_.nodes[element].next) {
      WEIR_RETURN_IF_ERROR(CheckTerms(element));
    }
  }
  return {};
}

Result<std::span<const Operand>> PartiqlConditionBuilder::BuildChildren(const PartiqlNode& node) {
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    nodes.push_back(child);
  }
  return BuildOperands(nodes);
}

// Builds all operands before it appends the first: building one may append operands of its own.
Result<std::span<const Operand>> PartiqlConditionBuilder::BuildOperands(
    std::span<const std::uint32_t> nodes) {
  std::vector<Operand> operands;
  for (const std::uint32_t node : nodes) {
    WEIR_ASSIGN_OR_RETURN(const Operand operand, BuildOperand(node));
    operands.push_back(operand);
  }
  const std::size_t begin = tree_.operands.size();
  tree_.operands.insert(tree_.operands.end(), operands.begin(), operands.end());
  return std::span(std::as_const(tree_.operands)).subspan(begin);
}

Result<Operand> PartiqlConditionBuilder::BuildOperand(std::uint32_t index) {
  const PartiqlNode& node = syntax_.nodes[index];
  Operand operand;
  if (PartiqlPaths::IsPath(node)) {
    WEIR_ASSIGN_OR_RETURN(operand.path, paths_.Resolve(index));
    return operand;
  }
  if (PartiqlValues::IsConstant(node)) {
    WEIR_ASSIGN_OR_RETURN(const Value value, values_.Constant(index));
    operand.type = OperandType::kValue;
    operand.value = value.encoded().data();
    return operand;
  }
  const PartiqlToken& token = syntax_.Token(node);
  switch (node.type) {
    case Kind::kMissing:
      return ValidationError("MISSING must be compared using IS operator");
    case Kind::kOperator:
    case Kind::kIsType:
      return BuildOutcome(index);
    case Kind::kCall:
      break;
    default:
      return ValidationError(
          "Unsupported token in expression: " +
          (node.type == Kind::kAggregate ? PartiqlFunctionName(token) : "SELECT") +
          AtPosition(token));
  }
  if (PartiqlFunctionName(token) != "size") {
    return BuildOutcome(index);
  }
  const std::size_t first = tree_.operands.size();
  WEIR_ASSIGN_OR_RETURN(const std::span<const Operand> operands, BuildChildren(node));
  Result<Operand> size = checks_.SizeOf(operands);
  tree_.operands.resize(first);
  return size;
}

Result<Operand> PartiqlConditionBuilder::BuildOutcome(std::uint32_t index) {
  Operand operand;
  operand.type = OperandType::kOutcome;
  WEIR_ASSIGN_OR_RETURN(operand.node, BuildCondition(index));
  return operand;
}

// Adds a node with the `operands`, which are the last in the tree.
std::uint32_t PartiqlConditionBuilder::AddNode(NodeType type, std::span<const Operand> operands) {
  const auto first = static_cast<std::uint32_t>(tree_.operands.size() - operands.size());
  tree_.nodes.push_back({type, first, static_cast<std::uint32_t>(operands.size()), kNoNode});
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

std::uint32_t PartiqlConditionBuilder::Negated(bool negated, std::uint32_t node) {
  if (!negated) {
    return node;
  }
  tree_.nodes.push_back({NodeType::kNot, node, 0, kNoNode});
  return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
}

}  // namespace weir::expression
