// SPDX-License-Identifier: Apache-2.0
#include "expression/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/number.h"
#include "core/text.h"
#include "expression/comparison_tree.h"
#include "expression/condition_parser.h"

namespace weir::expression {
namespace {

std::optional<std::size_t> SizeOf(Value value) {
  switch (value.type()) {
    case ValueType::kString:
      return Utf16Size(value.bytes());  // strings are Java strings in the service
    case ValueType::kBinary:
      return value.bytes().size();
    case ValueType::kStringSet:
    case ValueType::kNumberSet:
    case ValueType::kBinarySet:
      return value.set().size();
    case ValueType::kMap:
      return value.map().size();
    case ValueType::kList:
      return value.list().size();
    case ValueType::kNumber:
    case ValueType::kBool:
    case ValueType::kNull:
      return std::nullopt;
  }
  return std::nullopt;
}

// Finds the attributes of one item. Any number of lookups in ascending order of names costs one
// walk over the item.
class AttributeFinder {
 public:
  explicit AttributeFinder(MapView item) : item_(item), position_(item.begin()) {}

  std::optional<Value> Find(PathView path) {
    const std::string_view name = path.front().name;
    if (name < last_) {
      position_ = item_.begin();
    }
    last_ = name;
    for (; position_ != item_.end(); ++position_) {
      const MapView::Entry entry = *position_;
      const int order = entry.name.compare(name);
      if (order >= 0) {
        return order == 0 ? FindBelow(entry.value, path.subspan(1)) : std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  MapView item_;
  MapView::Iterator position_;  // no name before it is greater than or equal to `last_`
  std::string_view last_;
};

bool IsOrdered(ValueType type) {
  return type == ValueType::kString || type == ValueType::kNumber || type == ValueType::kBinary;
}

// The order of two scalars of one type; nullopt for anything else.
std::optional<int> Order(const std::optional<Value>& left, const std::optional<Value>& right) {
  if (!left.has_value() || !right.has_value() || left->type() != right->type() ||
      !IsOrdered(left->type())) {
    return std::nullopt;
  }
  return left->bytes().compare(right->bytes());
}

bool Equal(const std::optional<Value>& left, const std::optional<Value>& right) {
  return left.has_value() && right.has_value() && *left == *right;
}

bool Contains(const std::optional<Value>& container, const std::optional<Value>& part) {
  if (!container.has_value() || !part.has_value()) {
    return false;
  }
  const auto holds = [&](ValueType type, ValueType element) {
    return container->type() == type && part->type() == element;
  };
  if (holds(ValueType::kString, ValueType::kString) ||
      holds(ValueType::kBinary, ValueType::kBinary)) {
    return ContainsText(container->bytes(), part->bytes());
  }
  if (holds(ValueType::kStringSet, ValueType::kString) ||
      holds(ValueType::kNumberSet, ValueType::kNumber) ||
      holds(ValueType::kBinarySet, ValueType::kBinary)) {
    return container->set().Contains(part->bytes());
  }
  if (container->type() == ValueType::kList) {
    const ListView list = container->list();
    return std::any_of(list.begin(), list.end(), [&](Value value) { return value == *part; });
  }
  return false;
}

bool BeginsWith(const std::optional<Value>& value, const std::optional<Value>& prefix) {
  return value.has_value() && prefix.has_value() && value->type() == prefix->type() &&
         (value->type() == ValueType::kString || value->type() == ValueType::kBinary) &&
         value->bytes().starts_with(prefix->bytes());
}

// One evaluation; recursion is as deep as the tree, which the parser has bounded.
class Evaluation {
 public:
  Evaluation(const ConditionTree& tree, MapView item) : tree_(tree), item_(item) {}

  // For a tree with `by_attribute`. Walks over the item's attributes rather than the conditions: a
  // request may have hundreds of thousands of conditions, which every item of a page must meet.
  [[nodiscard]] bool HoldsByAttribute(MapView item) {
    const std::span<const AttributeNode> conditions = tree_.by_attribute;
    // The outcome of one condition that decides the outcome of all.
    const bool decisive = tree_.nodes[tree_.root].type == NodeType::kOr;
    std::size_t absent_deciders = tree_.AbsentHolding(decisive);
    auto next = conditions.begin();
    for (const MapView::Entry entry : item) {
      next = std::lower_bound(next, conditions.end(), entry.name,
                              [](const AttributeNode& condition, std::string_view name) {
                                return condition.name < name;
                              });
      if (next == conditions.end()) {
        break;
      }
      if (next->name != entry.name) {
        continue;
      }
      if (Holds(next->node) == decisive) {
        return decisive;
      }
      absent_deciders -= next->holds_when_absent == decisive ? 1 : 0;
    }
    return absent_deciders > 0 ? decisive : !decisive;
  }

  [[nodiscard]] bool Holds(std::uint32_t index) {
    const Node& node = tree_.nodes[index];
    switch (node.type) {
      case NodeType::kOr:
        return AnyChild(node, true);
      case NodeType::kAnd:
        return !AnyChild(node, false);
      case NodeType::kNot:
        return !Holds(node.first);
      case NodeType::kIn:
        return In(tree_.Operands(node));
      case NodeType::kInSorted:
        return InSorted(tree_.Operands(node));
      case NodeType::kBetween:
        return Between(tree_.Operands(node));
      case NodeType::kAttributeExists:
        return Find(tree_.Operands(node)[0]);
      case NodeType::kAttributeNotExists:
        return !Find(tree_.Operands(node)[0]);
      default:
        return Binary(node.type, tree_.Operands(node));
    }
  }

 private:
  // The value of an operand: found in the item or the request, or a number or BOOL that is made
  // here and packed in place. Not copied or moved, since Get() may point into this object.
  class Located {
   public:
    Located(Evaluation& evaluation, const Operand& operand) {
      const auto find = [&] { return evaluation.item_.Find(evaluation.tree_.Path(operand.path)); };
      switch (operand.type) {
        case OperandType::kPath:
          value_ = find();
          break;
        case OperandType::kValue:
          value_ = Value(operand.value);
          break;
        case OperandType::kSizeOfPath:
          MakeSize(find());
          break;
        case OperandType::kSizeOfValue:
          MakeSize(Value(operand.value));
          break;
        case OperandType::kOutcome:
          packed_[0] = static_cast<char>(ValueType::kBool);
          packed_[1] = static_cast<char>(evaluation.Holds(operand.node) ? 1 : 0);
          value_ = Value(packed_.data());
          break;
      }
    }
    Located(const Located&) = delete;
    Located& operator=(const Located&) = delete;

    [[nodiscard]] const std::optional<Value>& Get() const { return value_; }

   private:
    void MakeSize(std::optional<Value> value) {
      const std::optional<std::size_t> size = value.has_value() ? SizeOf(*value) : std::nullopt;
      if (!size.has_value()) {
        return;
      }
      std::array<char, 20> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *size).ptr;
      const Result<EncodedNumber> number =
          ParseNumber({digits.data(), static_cast<std::size_t>(end - digits.data())});
      if (!number.ok()) {
        return;
      }
      const std::string_view bytes = number.value().view();
      packed_[0] = static_cast<char>(ValueType::kNumber);
      packed_[1] = static_cast<char>(bytes.size());
      std::copy(bytes.begin(), bytes.end(), packed_.begin() + 2);
      value_ = Value(packed_.data());
    }

    std::optional<Value> value_;
    std::array<char, kMaxEncodedNumberSize + 2> packed_{};
  };

  // Whether a child evaluates to `sought`.
  [[nodiscard]] bool AnyChild(const Node& node, bool sought) {
    for (std::uint32_t child = node.first; child != kNoNode; child = tree_.nodes[child].next) {
      if (Holds(child) == sought) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool Find(const Operand& operand) {
    return item_.Find(tree_.Path(operand.path)).has_value();
  }

  [[nodiscard]] bool In(std::span<const Operand> operands) {
    const Located value(*this, operands[0]);
    return std::any_of(operands.begin() + 1, operands.end(), [&](const Operand& candidate) {
      return Equal(value.Get(), Located(*this, candidate).Get());
    });
  }

  [[nodiscard]] bool InSorted(std::span<const Operand> operands) {
    const std::optional<Value> value = item_.Find(tree_.Path(operands[0].path));
    if (!value.has_value()) {
      return false;
    }
    const auto found = std::lower_bound(operands.begin() + 1, operands.end(), value->encoded(),
                                        [](const Operand& candidate, std::string_view sought) {
                                          return Value(candidate.value).encoded() < sought;
                                        });
    return found != operands.end() && Value(found->value) == *value;
  }

  [[nodiscard]] bool Between(std::span<const Operand> operands) {
    const Located value(*this, operands[0]);
    const Located lower(*this, operands[1]);
    const Located upper(*this, operands[2]);
    const std::optional<int> from_lower = Order(value.Get(), lower.Get());
    const std::optional<int> to_upper = Order(value.Get(), upper.Get());
    return from_lower.has_value() && to_upper.has_value() && *from_lower >= 0 && *to_upper <= 0;
  }

  [[nodiscard]] bool Binary(NodeType type, std::span<const Operand> operands) {
    const Located left(*this, operands[0]);
    const Located right(*this, operands[1]);
    switch (type) {
      case NodeType::kEqual:
        return Equal(left.Get(), right.Get());
      case NodeType::kNotEqual:
        return !Equal(left.Get(), right.Get());
      case NodeType::kBeginsWith:
        return BeginsWith(left.Get(), right.Get());
      case NodeType::kContains:
        return Contains(left.Get(), right.Get());
      case NodeType::kAttributeType:
        return left.Get().has_value() && right.Get().has_value() &&
               TypeName(left.Get()->type()) == right.Get()->bytes();
      default:
        break;
    }
    const std::optional<int> order = Order(left.Get(), right.Get());
    if (!order.has_value()) {
      return false;
    }
    switch (type) {
      case NodeType::kLess:
        return *order < 0;
      case NodeType::kLessOrEqual:
        return *order <= 0;
      case NodeType::kGreater:
        return *order > 0;
      default:
        return *order >= 0;
    }
  }

  const ConditionTree& tree_;
  AttributeFinder item_;
};

}  // namespace

Result<Condition> Condition::Parse(ConditionKind kind, std::string_view text,
                                   Placeholders& placeholders) {
  const ExpressionKind expression_kind =
      kind == ConditionKind::kFilter ? ExpressionKind::kFilter : ExpressionKind::kCondition;
  WEIR_ASSIGN_OR_RETURN(ConditionTree tree, ParseCondition(expression_kind, text, placeholders));
  return Condition(std::move(tree));
}

Condition Condition::Of(ConditionTree tree) {
  return Condition(std::move(tree));
}

std::size_t Condition::Work(std::size_t item_bytes) const {
  std::size_t work = 0;
  for (const Operand& operand : tree_.operands) {
    const bool constant =
        operand.type == OperandType::kValue || operand.type == OperandType::kSizeOfValue;
    work += constant ? Value(operand.value).EncodedSize() : item_bytes;
  }
  return work;
}

bool Condition::Evaluate(MapView item) const {
  Evaluation evaluation(tree_, item);
  return tree_.by_attribute.empty() ? evaluation.Holds(tree_.root)
                                    : evaluation.HoldsByAttribute(item);
}

Condition Condition::Of(std::span<const Comparison> comparisons, Junction junction) {
  return Condition(TreeOf(comparisons, junction));
}

}  // namespace weir::expression
