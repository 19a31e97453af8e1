// SPDX-License-Identifier: Apache-2.0
#include "expression/key_condition.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "expression/comparison_tree.h"
#include "expression/condition_parser.h"
#include "expression/condition_tree.h"
#include "expression/fault.h"

namespace weir::expression {
namespace {

// Some of the texts start like those of other expressions, the others do not.
ApiError Prefixed(std::string_view text) {
  return Faults(ExpressionKind::kKeyCondition).Make(text);
}

ApiError InvalidOperator(std::string_view op) {
  return ValidationError(
      std::string("Invalid operator used in KeyConditionExpression: ").append(op));
}

ApiError InvalidCondition(std::string_view text) {
  return ValidationError(std::string("Invalid condition in KeyConditionExpression: ").append(text));
}

ApiError NotSupported() {
  return ValidationError("Query key condition not supported");
}

// The name of an operator that key conditions do not know; empty for those they do.
std::string_view ForeignOperator(NodeType type) {
  switch (type) {
    case NodeType::kOr:
      return "OR";
    case NodeType::kNot:
      return "NOT";
    case NodeType::kNotEqual:
      return "<>";
    case NodeType::kIn:
      return "IN";
    case NodeType::kAttributeExists:
      return "attribute_exists";
    case NodeType::kAttributeNotExists:
      return "attribute_not_exists";
    case NodeType::kAttributeType:
      return "attribute_type";
    case NodeType::kContains:
      return "contains";
    default:
      return "";
  }
}

// `:v < key` is `key > :v`.
KeyOperator Operator(NodeType type, bool mirrored) {
  switch (type) {
    case NodeType::kLess:
      return mirrored ? KeyOperator::kGreater : KeyOperator::kLess;
    case NodeType::kLessOrEqual:
      return mirrored ? KeyOperator::kGreaterOrEqual : KeyOperator::kLessOrEqual;
    case NodeType::kGreater:
      return mirrored ? KeyOperator::kLess : KeyOperator::kGreater;
    case NodeType::kGreaterOrEqual:
      return mirrored ? KeyOperator::kLessOrEqual : KeyOperator::kGreaterOrEqual;
    case NodeType::kBetween:
      return KeyOperator::kBetween;
    case NodeType::kBeginsWith:
      return KeyOperator::kBeginsWith;
    default:
      return KeyOperator::kEqual;
  }
}

class Collector {
 public:
  explicit Collector(const ConditionTree& tree) : tree_(tree) {}

  // Recursion is as deep as the tree, which the parser has bounded.
  Status Collect(std::uint32_t index) {
    const Node& node = tree_.nodes[index];
    if (const std::string_view op = ForeignOperator(node.type); !op.empty()) {
      return InvalidOperator(op);
    }
    if (node.type != NodeType::kAnd) {
      return CollectCondition(node);
    }
    for (std::uint32_t child = node.first; child != kNoNode; child = tree_.nodes[child].next) {
      WEIR_RETURN_IF_ERROR(Collect(child));
    }
    return {};
  }

  [[nodiscard]] std::vector<KeyCondition> Take() { return std::move(conditions_); }

 private:
  Status CollectCondition(const Node& node) {
    const std::span<const Operand> operands = tree_.Operands(node);
    const bool key_first = node.type == NodeType::kBetween || node.type == NodeType::kBeginsWith;
    if (key_first && operands[0].type == OperandType::kValue) {
      return InvalidCondition(
          std::string(node.type == NodeType::kBetween ? "BETWEEN" : "begins_with")
              .append(" operator must have the key attribute as its first operand"));
    }
    std::string_view attribute;
    std::optional<Value> values[2];
    std::size_t count = 0;
    for (const Operand& operand : operands) {
      if (operand.type == OperandType::kValue) {
        if (count < std::size(values)) {
          values[count++] = Value(operand.value);
        }
        continue;
      }
      WEIR_RETURN_IF_ERROR(CheckAttribute(operand, attribute));
      attribute = tree_.Path(operand.path).front().name;
    }
    if (attribute.empty() || !values[0].has_value()) {
      return InvalidCondition("No key attribute specified");
    }
    const auto same = [&](const KeyCondition& other) { return other.attribute == attribute; };
    if (std::any_of(conditions_.begin(), conditions_.end(), same)) {
      return Prefixed("KeyConditionExpressions must only contain one condition per key");
    }
    const bool mirrored = operands[0].type == OperandType::kValue;
    conditions_.push_back({attribute, Operator(node.type, mirrored), *values[0], values[1]});
    return {};
  }

  // `attribute` is the one that an earlier operand of the condition has named, or empty.
  [[nodiscard]] Status CheckAttribute(const Operand& operand, std::string_view attribute) const {
    if (operand.type != OperandType::kPath) {
      return ValidationError("KeyConditionExpressions cannot contain nested operations");
    }
    if (!attribute.empty()) {
      return ValidationError(
          "Invalid KeyConditionExpression: " +
          InvalidCondition("Multiple attribute names used in one condition").message);
    }
    if (operand.path.size > 1) {
      return Prefixed("KeyConditionExpressions cannot have conditions on nested attributes");
    }
    return {};
  }

  const ConditionTree& tree_;
  std::vector<KeyCondition> conditions_;
};

const KeyCondition* Find(std::span<const KeyCondition> conditions, const KeyAttribute& attribute) {
  const auto found = std::find_if(
      conditions.begin(), conditions.end(),
      [&](const KeyCondition& condition) { return condition.attribute == attribute.name; });
  return found == conditions.end() ? nullptr : &*found;
}

bool IsEquality(const KeyCondition* condition) {
  return condition != nullptr && condition->op == KeyOperator::kEqual;
}

ApiError MissedKey(std::string_view attribute) {
  return ValidationError(
      std::string("Query condition missed key schema element: ").append(attribute));
}

std::string Names(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

Status CheckHash(std::span<const KeyCondition> conditions, std::span<const KeyAttribute> hash) {
  std::vector<std::string_view> lacking;
  for (const KeyAttribute& attribute : hash) {
    const KeyCondition* condition = Find(conditions, attribute);
    if (hash.size() == 1 && condition == nullptr) {
      return MissedKey(attribute.name);
    }
    if (!IsEquality(condition)) {
      lacking.push_back(attribute.name);
    }
  }
  if (lacking.empty()) {
    return {};
  }
  if (hash.size() == 1) {
    return NotSupported();
  }
  return ValidationError("HASH key attributes " + Names(lacking) +
                         " must have equality conditions specified in the query");
}

Status CheckType(const KeyCondition& condition, const KeyAttribute& attribute) {
  const bool fits = condition.value.type() == attribute.type &&
                    (!condition.upper.has_value() || condition.upper->type() == attribute.type);
  if (!fits) {
    return InvalidParameter("Condition parameter type does not match schema type");
  }
  return {};
}

// RANGE attributes are compared by `=` up to the last one that has a condition.
Status CheckRange(std::span<const KeyCondition> conditions, std::span<const KeyAttribute> range) {
  std::size_t used = range.size();
  while (used > 0 && Find(conditions, range[used - 1]) == nullptr) {
    --used;
  }
  std::vector<std::string_view> lacking;
  for (std::size_t i = 0; i + 1 < used; ++i) {
    if (!IsEquality(Find(conditions, range[i]))) {
      lacking.push_back(range[i].name);
    }
  }
  if (lacking.empty()) {
    return {};
  }
  return ValidationError("RANGE key attributes " + Names(lacking) +
                         " must have equality conditions specified in the query because a "
                         "condition is present on key attribute " +
                         std::string(range[used - 1].name));
}

// Refuses conditions on key attributes whose operator cannot find keys, in the order of the schema.
// A HASH attribute without any condition is CheckHash's to report.
Status CheckIndexable(std::span<const std::string_view> not_indexable,
                      std::span<const KeyCondition> conditions, std::span<const KeyAttribute> hash,
                      std::span<const KeyAttribute> range) {
  if (not_indexable.empty()) {
    return {};
  }
  for (const std::span<const KeyAttribute> part : {hash, range}) {
    for (const KeyAttribute& attribute : part) {
      if (std::find(not_indexable.begin(), not_indexable.end(), attribute.name) !=
          not_indexable.end()) {
        return ValidationError("Attempted conditional constraint is not an indexable operation");
      }
      if (part.data() == hash.data() && Find(conditions, attribute) == nullptr) {
        return {};
      }
    }
  }
  return {};
}

}  // namespace

Result<KeyConditions> KeyConditions::Parse(std::string_view text, Placeholders& placeholders) {
  WEIR_ASSIGN_OR_RETURN(const ConditionTree tree,
                        ParseCondition(ExpressionKind::kKeyCondition, text, placeholders));
  Collector collector(tree);
  WEIR_RETURN_IF_ERROR(collector.Collect(tree.root));
  KeyConditions conditions;
  conditions.conditions_ = collector.Take();
  return conditions;
}

Result<KeyRange> KeyConditions::Resolve(std::span<const KeyAttribute> hash,
                                        std::span<const KeyAttribute> range) const {
  const std::size_t attributes = hash.size() + range.size();
  const std::size_t given = conditions_.size() + not_indexable_.size();
  if (given > attributes) {
    return ValidationError("The number of query conditions (" + std::to_string(given) +
                           ") exceeds the number of key attributes defined in the schema (" +
                           std::to_string(attributes) + ")");
  }
  WEIR_RETURN_IF_ERROR(CheckIndexable(not_indexable_, conditions_, hash, range));
  WEIR_RETURN_IF_ERROR(CheckHash(conditions_, hash));
  WEIR_RETURN_IF_ERROR(CheckRange(conditions_, range));

  KeyRange key_range;
  std::size_t found = 0;
  for (const KeyAttribute& attribute : hash) {
    const KeyCondition& condition = *Find(conditions_, attribute);
    WEIR_RETURN_IF_ERROR(CheckType(condition, attribute));
    key_range.hash.push_back(condition.value);
    ++found;
  }
  for (const KeyAttribute& attribute : range) {
    const KeyCondition* condition = Find(conditions_, attribute);
    if (condition == nullptr) {
      break;
    }
    WEIR_RETURN_IF_ERROR(CheckType(*condition, attribute));
    ++found;
    if (condition->op == KeyOperator::kEqual) {
      key_range.range_prefix.push_back(condition->value);
    } else {
      key_range.range = *condition;
    }
  }
  // A condition that was not found is on an attribute outside the key. The message names the first
  // key attribute that has no condition.
  if (found < given) {
    return MissedKey(range.empty() ? hash.front().name : range[found - hash.size()].name);
  }
  return key_range;
}

KeyConditions KeyConditions::Of(std::span<const Comparison> comparisons) {
  KeyConditions conditions;
  for (const Comparison& comparison : comparisons) {
    const std::optional<KeyOperator> op = KeyOperatorOf(comparison.op);
    if (!op.has_value()) {
      conditions.not_indexable_.push_back(comparison.attribute);
      continue;
    }
    auto value = comparison.values.begin();
    KeyCondition condition{comparison.attribute, *op, *value++, std::nullopt};
    if (op == KeyOperator::kBetween) {
      condition.upper = *value;
    }
    conditions.conditions_.push_back(condition);
  }
  return conditions;
}

}  // namespace weir::expression
