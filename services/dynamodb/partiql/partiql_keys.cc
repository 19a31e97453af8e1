// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/partiql_keys.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/value_writer.h"

namespace weir::dynamodb {
namespace {

using expression::ConditionTree;
using expression::KeyOperator;
using expression::NodeType;
using expression::Operand;
using expression::OperandType;

bool IsAttribute(const ConditionTree& tree, const Operand& operand, std::string_view name) {
  return operand.type == OperandType::kPath && operand.path.size == 1 &&
         tree.Path(operand.path).front().name == name;
}

// The operator for `attribute op value`. `mirrored`: the value stands first, so `5 < a` is `a > 5`.
std::optional<KeyOperator> OperatorOf(NodeType type, bool mirrored) {
  switch (type) {
    case NodeType::kEqual:
      return KeyOperator::kEqual;
    case NodeType::kLess:
      return mirrored ? KeyOperator::kGreater : KeyOperator::kLess;
    case NodeType::kLessOrEqual:
      return mirrored ? KeyOperator::kGreaterOrEqual : KeyOperator::kLessOrEqual;
    case NodeType::kGreater:
      return mirrored ? KeyOperator::kLess : KeyOperator::kGreater;
    case NodeType::kGreaterOrEqual:
      return mirrored ? KeyOperator::kLessOrEqual : KeyOperator::kGreaterOrEqual;
    case NodeType::kBetween:
      return mirrored ? std::optional<KeyOperator>() : KeyOperator::kBetween;
    case NodeType::kBeginsWith:
      return mirrored ? std::optional<KeyOperator>() : KeyOperator::kBeginsWith;
    default:
      return std::nullopt;
  }
}

// What the `=` conditions say about a key attribute.
struct Equality {
  std::optional<Value> value;
  std::size_t used = 0;    // how many such conditions there are
  bool ambiguous = false;  // two of them have different values

  static Equality Of(const ConditionTree& tree, const std::vector<std::uint32_t>& conjuncts,
                     const KeyAttribute& attribute);
};

Equality Equality::Of(const ConditionTree& tree, const std::vector<std::uint32_t>& conjuncts,
                      const KeyAttribute& attribute) {
  Equality equality;
  for (const std::uint32_t node : conjuncts) {
    if (tree.nodes[node].type != NodeType::kEqual) {
      continue;
    }
    const std::optional<KeyTerm> term = KeyTermOf(tree, node, attribute.name);
    if (!term.has_value()) {
      continue;
    }
    const Value value = term->values.front();
    ++equality.used;
    equality.ambiguous =
        equality.ambiguous || (equality.value.has_value() && *equality.value != value);
    equality.value = value;
  }
  return equality;
}

}  // namespace

ApiError KeyTypeMismatch(const KeyAttribute& attribute) {
  return ValidationError(
      "Key attribute's data type should match its data type in table's schema: Key " +
      attribute.name);
}

Status CheckKeyType(const KeyAttribute& attribute, Value value) {
  if (value.type() != ValueType::kString && value.type() != ValueType::kNumber &&
      value.type() != ValueType::kBinary) {
    return ValidationError("Key value must be of type S, N, or B. Key name: " + attribute.name +
                           ", Key type: " + std::string(TypeName(value.type())));
  }
  return value.type() == attribute.type ? Status() : Status(KeyTypeMismatch(attribute));
}

std::vector<std::uint32_t> Conjuncts(const ConditionTree& tree, std::uint32_t root) {
  if (tree.nodes[root].type != NodeType::kAnd) {
    return {root};
  }
  std::vector<std::uint32_t> conjuncts;
  for (std::uint32_t child = tree.nodes[root].first; child != expression::kNoNode;
       child = tree.nodes[child].next) {
    conjuncts.push_back(child);
  }
  return conjuncts;
}

std::optional<KeyTerm> KeyTermOf(const ConditionTree& tree, std::uint32_t index,
                                 std::string_view name) {
  const expression::Node& node = tree.nodes[index];
  const std::span<const Operand> operands = tree.Operands(node);
  if (operands.size() < 2) {
    return std::nullopt;
  }
  std::vector<Value> values;
  const bool mirrored = operands.size() == 2 && operands[0].type == OperandType::kValue;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (i == (mirrored ? 1 : 0)) {
      if (!IsAttribute(tree, operands[i], name)) {
        return std::nullopt;
      }
    } else if (operands[i].type == OperandType::kValue) {
      values.emplace_back(operands[i].value);
    } else {
      return std::nullopt;
    }
  }
  if (node.type == NodeType::kEqual || (node.type == NodeType::kIn && !mirrored)) {
    return KeyTerm{std::move(values), std::nullopt};
  }
  const std::optional<KeyOperator> op = OperatorOf(node.type, mirrored);
  if (!op.has_value()) {
    return std::nullopt;
  }
  expression::KeyCondition range{name, *op, values.front(), std::nullopt};
  if (values.size() > 1) {
    range.upper = values[1];
  }
  return KeyTerm{{}, range};
}

// Recursion is as deep as the tree, whose depth the parser bounds.
bool Mentions(const ConditionTree& tree, std::uint32_t index, std::string_view name) {
  const expression::Node& node = tree.nodes[index];
  if (node.type == NodeType::kAnd || node.type == NodeType::kOr || node.type == NodeType::kNot) {
    for (std::uint32_t child = node.first; child != expression::kNoNode;
         child = tree.nodes[child].next) {
      if (Mentions(tree, child, name)) {
        return true;
      }
    }
    return false;
  }
  const std::span<const Operand> operands = tree.Operands(node);
  return std::any_of(operands.begin(), operands.end(), [&](const Operand& operand) {
    switch (operand.type) {
      case OperandType::kPath:
      case OperandType::kSizeOfPath:
        return tree.Path(operand.path).front().name == name;
      case OperandType::kOutcome:
        return Mentions(tree, operand.node, name);
      default:
        return false;
    }
  });
}

Status CheckOrderTerms(const expression::PartiqlStatement& statement,
                       std::string_view partition_key, std::string_view sort_key) {
  if (!statement.order().empty() && !statement.where().has_value()) {
    return ValidationError("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  for (const expression::StatementOrder& term : statement.order()) {
    if (term.fault.has_value()) {
      return *term.fault;
    }
    const bool is_sort = !sort_key.empty() && term.attribute == sort_key;
    if (!is_sort && term.attribute != partition_key) {
      return ValidationError("Attribute " + std::string(term.attribute) +
                             " in ORDER BY clause must be part of the primary key");
    }
  }
  return {};
}

Status CheckOrderKeys(const expression::PartiqlStatement& statement, const KeySchema& schema) {
  return CheckOrderTerms(
      statement, schema.partition.name,
      schema.sort.has_value() ? std::string_view(schema.sort->name) : std::string_view());
}

Result<std::optional<NamedKey>> FindNamedKey(const expression::PartiqlStatement& statement,
                                             const KeySchema& schema) {
  if (!statement.where().has_value()) {
    return std::optional<NamedKey>();
  }
  const ConditionTree& tree = statement.where()->tree();
  const std::vector<std::uint32_t> conjuncts = Conjuncts(tree, tree.root);
  std::vector<std::pair<const KeyAttribute*, Equality>> parts;
  parts.emplace_back(&schema.partition, Equality::Of(tree, conjuncts, schema.partition));
  if (schema.sort.has_value()) {
    parts.emplace_back(&*schema.sort, Equality::Of(tree, conjuncts, *schema.sort));
  }
  for (const auto& [attribute, equality] : parts) {
    if (equality.ambiguous && !statement.reads()) {
      return ValidationError("Multiple conditions on same key " + attribute->name +
                             ". Only single item Update/Insert/Delete are supported");
    }
  }
  std::size_t used = 0;
  for (const auto& [attribute, equality] : parts) {
    if (!equality.value.has_value() || equality.ambiguous) {
      return std::optional<NamedKey>();
    }
    used += equality.used;
  }
  const bool alone = used == conjuncts.size();
  if (statement.reads() && !alone) {
    return std::optional<NamedKey>();
  }
  ValueWriter writer;
  writer.BeginItem();
  for (const auto& [attribute, equality] : parts) {
    writer.Name(attribute->name);
    writer.Copy(*equality.value);
  }
  return std::optional<NamedKey>({writer.FinishItem(), alone});
}

Status CheckKeyTypes(MapView key, const KeySchema& schema) {
  WEIR_RETURN_IF_ERROR(CheckKeyType(schema.partition, *key.Find(schema.partition.name)));
  return schema.sort.has_value() ? CheckKeyType(*schema.sort, *key.Find(schema.sort->name))
                                 : Status();
}

}  // namespace weir::dynamodb
