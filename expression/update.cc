// SPDX-License-Identifier: Apache-2.0
#include "expression/update.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "core/mutable_value.h"
#include "core/number.h"
#include "core/value_writer.h"
#include "expression/update_parser.h"

namespace weir::expression {
namespace {

std::size_t ElementCharge(const PathElement& element) {
  return element.is_index ? 1 : element.name.size();
}

std::size_t TargetCharge(PathView path) {
  constexpr std::size_t kFurtherElement = 4;
  std::size_t charge = 0;
  for (const PathElement& element : path) {
    charge += ElementCharge(element) + (charge == 0 ? 0 : kFurtherElement);
  }
  return charge;
}

// Recurses as deep as the expression is nested, which the parser bounds.
std::size_t TermCharge(const UpdateTree& tree, std::uint32_t index) {
  constexpr std::size_t kPath = 1;
  constexpr std::size_t kElement = 14;
  constexpr std::size_t kPlus = 34;
  constexpr std::size_t kMinus = 37;
  constexpr std::size_t kIfNotExists = 39;
  constexpr std::size_t kListAppend = 37;
  const Term& term = tree.terms[index];
  const auto with_operands = [&](std::size_t charge) {
    return charge + TermCharge(tree, term.left) + TermCharge(tree, term.right);
  };
  switch (term.type) {
    case TermType::kPath: {
      std::size_t charge = kPath;
      for (const PathElement& element : tree.Path(term.path)) {
        charge += kElement + ElementCharge(element);
      }
      return charge;
    }
    case TermType::kValue:
      return AwsSize(Value(term.value));
    case TermType::kPlus:
      return with_operands(kPlus);
    case TermType::kMinus:
      return with_operands(kMinus);
    case TermType::kIfNotExists:
      return with_operands(kIfNotExists);
    case TermType::kListAppend:
      return with_operands(kListAppend);
  }
  return 0;
}

ApiError InvalidPath() {
  return ValidationError(
      "The document path provided in the update expression is invalid for update");
}

ApiError WrongType() {
  return ValidationError("An operand in the update expression has an incorrect data type");
}

ApiError MissingOperand() {
  return ValidationError(
      "The provided expression refers to an attribute that does not exist in the item");
}

Result<MutableValue> Number(const Result<EncodedNumber>& number) {
  if (!number.ok()) {
    return number.error();
  }
  return MutableValue::Number(number.value().view());
}

// Makes a value of what `write` writes, which must be one value.
template <class Write>
MutableValue Pack(Write write) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("");
  write(writer);
  // The contents are those of a map with one member: one byte for the empty name, then the value.
  return MutableValue::Copy(Value(writer.FinishContents().data() + 1));
}

bool IsComputed(const Term& term) {
  return term.type == TermType::kPlus || term.type == TermType::kMinus ||
         term.type == TermType::kListAppend;
}

MutableValue PackSet(ValueType type, std::span<const std::string_view> elements) {
  return Pack([&](ValueWriter& writer) { writer.Set(type, elements); });
}

// Builds the item after the update. Keeps the item before it, which all right-hand sides read.
class Application {
 public:
  Application(const UpdateTree& tree, MapView before)
      : tree_(tree), before_(before), item_(before) {}

  Status Apply(const Action& action) {
    // The service looks at the target before it computes anything.
    parent_ = Parent(tree_.Path(action.target));
    if (parent_ == nullptr) {
      return InvalidPath();
    }
    switch (action.type) {
      case ActionType::kSet: {
        WEIR_ASSIGN_OR_RETURN(MutableValue value, Compute(tree_.terms[action.term]));
        Set(action, std::move(value));
        return {};
      }
      case ActionType::kRemove:
        Remove(action);
        return {};
      case ActionType::kAdd:
        return Add(action);
      case ActionType::kDelete:
        return Delete(action);
    }
    return {};
  }

  [[nodiscard]] Item Finish() const {
    ValueWriter writer;
    writer.BeginItem();
    item_.WriteMembers(writer);
    return writer.FinishItem();
  }

 private:
  // The value of a term that is the whole right-hand side of a SET, or is computed within one.
  [[nodiscard]] Result<MutableValue> Compute(const Term& term) {
    if (!IsComputed(term)) {
      WEIR_ASSIGN_OR_RETURN(const Value value, Read(term));
      return MutableValue(value);
    }
    const ValueType wanted =
        term.type == TermType::kListAppend ? ValueType::kList : ValueType::kNumber;
    WEIR_ASSIGN_OR_RETURN(const Value left, ReadAs(wanted, tree_.terms[term.left]));
    WEIR_ASSIGN_OR_RETURN(const Value right, ReadAs(wanted, tree_.terms[term.right]));
    switch (term.type) {
      case TermType::kPlus:
        return Number(AddNumbers(left.bytes(), right.bytes()));
      case TermType::kMinus:
        return Number(SubtractNumbers(left.bytes(), right.bytes()));
      default:
        return Append(left.list(), right.list());
    }
  }

  [[nodiscard]] Result<Value> ReadAs(ValueType wanted, const Term& term) {
    WEIR_ASSIGN_OR_RETURN(const Value value, Read(term));
    if (value.type() != wanted) {
      return WrongType();
    }
    return value;
  }

  // The value of a term, in the request, the item before or `computed_`. Recurses as deep as terms
  // are nested, which the parser bounds. Only PartiQL has computed terms within others.
  [[nodiscard]] Result<Value> Read(const Term& term) {
    if (IsComputed(term)) {
      WEIR_ASSIGN_OR_RETURN(const MutableValue value, Compute(term));
      ValueWriter writer;
      writer.BeginItem();
      writer.Name("");
      value.Write(writer);
      const Item& holder = computed_.emplace_back(writer.FinishItem());
      return (*holder.attributes().begin()).value;
    }
    if (term.type == TermType::kValue) {
      return Value(term.value);
    }
    const bool has_fallback = term.type == TermType::kIfNotExists;
    const Term& path = has_fallback ? tree_.terms[term.left] : term;
    const std::optional<Value> found = FindPath(before_, tree_.Path(path.path));
    if (found.has_value()) {
      return *found;
    }
    if (has_fallback) {
      return Read(tree_.terms[term.right]);
    }
    return MissingOperand();
  }

  [[nodiscard]] static MutableValue Append(ListView left, ListView right) {
    return Pack([&](ValueWriter& writer) {
      writer.BeginList();
      for (const ListView list : {left, right}) {
        for (const Value element : list) {
          writer.Copy(element);
        }
      }
      writer.EndList();
    });
  }

  // The map or list that the path's last element lies in; nullptr if it does not exist or has
  // another type.
  MutableValue* Parent(PathView path) {
    MutableValue* value = &item_;
    for (const PathElement& element : path.first(path.size() - 1)) {
      value = element.is_index ? value->Element(element.index) : value->Member(element.name);
      if (value == nullptr) {
        return nullptr;
      }
    }
    const ValueType wanted = path.back().is_index ? ValueType::kList : ValueType::kMap;
    return value->type() == wanted ? value : nullptr;
  }

  void Set(const Action& action, MutableValue value) {
    const PathElement& last = tree_.Path(action.target).back();
    if (last.is_index) {
      parent_->SetElement(last.index, std::move(value));
    } else {
      parent_->SetMember(last.name, std::move(value));
    }
  }

  void Remove(const Action& action) {
    const PathElement& last = tree_.Path(action.target).back();
    if (last.is_index) {
      parent_->EraseElement(last.index);
    } else {
      parent_->EraseMember(last.name);
    }
  }

  // ADD to a missing attribute is SET.
  Status Add(const Action& action) {
    const Value addend(tree_.terms[action.term].value);
    const std::optional<Value> old = FindPath(before_, tree_.Path(action.target));
    if (!old.has_value()) {
      Set(action, MutableValue(addend));
      return {};
    }
    if (old->type() != addend.type()) {
      return WrongType();
    }
    if (addend.type() == ValueType::kNumber) {
      WEIR_ASSIGN_OR_RETURN(MutableValue sum, Number(AddNumbers(old->bytes(), addend.bytes())));
      Set(action, std::move(sum));
      return {};
    }
    std::vector<std::string_view> elements;
    const SetView left = old->set();
    const SetView right = addend.set();
    std::set_union(left.begin(), left.end(), right.begin(), right.end(),
                   std::back_inserter(elements));
    Set(action, PackSet(addend.type(), elements));
    return {};
  }

  Status Delete(const Action& action) {
    const Value subtrahend(tree_.terms[action.term].value);
    const std::optional<Value> old = FindPath(before_, tree_.Path(action.target));
    if (!old.has_value()) {
      return {};
    }
    if (old->type() != subtrahend.type()) {
      return WrongType();
    }
    std::vector<std::string_view> elements;
    const SetView left = old->set();
    const SetView right = subtrahend.set();
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(elements));
    if (elements.empty()) {  // there are no empty sets
      Remove(action);
    } else {
      Set(action, PackSet(subtrahend.type(), elements));
    }
    return {};
  }

  const UpdateTree& tree_;
  MapView before_;
  MutableValue item_;
  MutableValue* parent_ = nullptr;  // of the target of the current action
  std::vector<Item> computed_;      // holds the values of computed terms within others
};

}  // namespace

Result<Update> Update::Parse(std::string_view text, Placeholders& placeholders) {
  WEIR_ASSIGN_OR_RETURN(UpdateTree tree, ParseUpdate(text, placeholders));
  return Update(std::move(tree));
}

Update Update::Of(UpdateTree tree) {
  return Update(std::move(tree));
}

std::optional<Value> Update::LiteralOf(std::string_view attribute) const {
  for (const Action& action : tree_.actions) {
    const PathView target = tree_.Path(action.target);
    if (target.size() == 1 && target.front().name == attribute &&
        action.type != ActionType::kRemove && tree_.terms[action.term].type == TermType::kValue) {
      return Value(tree_.terms[action.term].value);
    }
  }
  return std::nullopt;
}

Update::Update(UpdateTree tree) : tree_(std::move(tree)) {
  std::vector<PathRange> targets;
  for (const Action& action : tree_.actions) {
    const PathView path = tree_.Path(action.target);
    targets.push_back(action.target);
    AddUse(changed_, path);
  }
  attributes_ = changed_;
  for (const Term& term : tree_.terms) {
    if (term.type == TermType::kPath) {
      AddUse(attributes_, tree_.Path(term.path));
    }
  }
  targets_ = PathSet(tree_.elements, std::move(targets));
}

std::size_t Update::Charge() const {
  constexpr std::size_t kUpdate = 3;
  constexpr std::size_t kSetOrAdd = 19;
  constexpr std::size_t kRemoveOrDelete = 1;
  std::size_t charge = kUpdate;
  for (const Action& action : tree_.actions) {
    charge += TargetCharge(tree_.Path(action.target));
    switch (action.type) {
      case ActionType::kSet:
        charge += kSetOrAdd + TermCharge(tree_, action.term);
        break;
      case ActionType::kAdd:
        charge += kSetOrAdd + AwsSize(Value(tree_.terms[action.term].value));
        break;
      case ActionType::kRemove:
      case ActionType::kDelete:
        charge += kRemoveOrDelete;
        break;
    }
  }
  return charge;
}

std::size_t Update::Work(std::size_t item_bytes) const {
  std::size_t work = (1 + tree_.actions.size()) * item_bytes;
  for (const Term& term : tree_.terms) {
    work += term.type == TermType::kValue ? Value(term.value).EncodedSize() : item_bytes;
  }
  return work;
}

Result<Item> Update::Apply(const Item& before, MapView key) const {
  const bool only_removes =
      std::all_of(tree_.actions.begin(), tree_.actions.end(),
                  [](const Action& action) { return action.type == ActionType::kRemove; });
  if (!before && only_removes) {
    return Item();
  }
  Application application(tree_, before ? before.attributes() : key);
  for (const Action& action : tree_.actions) {
    WEIR_RETURN_IF_ERROR(application.Apply(action));
  }
  return application.Finish();
}

Item Update::Addressed(const Item& item) const {
  Item selected = targets_.Select(item.attributes());
  return selected.attributes().empty() ? Item() : selected;
}

}  // namespace weir::expression
