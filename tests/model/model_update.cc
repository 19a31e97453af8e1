// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_update.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir::model {
namespace {

constexpr std::size_t kRenameEvery = 2;

const std::string kInvalidPath =
    "The document path provided in the update expression is invalid for update";
const std::string kWrongType = "An operand in the update expression has an incorrect data type";
const std::string kMissing =
    "The provided expression refers to an attribute that does not exist in the item";
const std::string kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
const std::string kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";

// A value, or the text of a fault.
struct Computed {
  Json value;
  std::string fault;
};

// Makes each list a map from positions to elements, so that removing one element moves no other.
Json Spread(const Json& value) {
  if (value.contains("M")) {
    Json members = Json::object();
    for (const auto& [name, member] : value["M"].items()) {
      members[name] = Spread(member);
    }
    return {{"M", members}};
  }
  if (!value.contains("L")) {
    return value;
  }
  Json elements = Json::object();
  for (const Json& element : value["L"]) {
    elements[PathStep{"", elements.size()}.Position()] = Spread(element);
  }
  return {{"L", elements}};
}

// Undoes Spread: makes lists of the elements that are left, in the order of their positions.
Json Close(const Json& value) {
  if (value.contains("M")) {
    Json members = Json::object();
    for (const auto& [name, member] : value["M"].items()) {
      members[name] = Close(member);
    }
    return {{"M", members}};
  }
  if (!value.contains("L")) {
    return value;
  }
  Json elements = Json::array();
  for (const Json& element : value["L"]) {
    elements.push_back(Close(element));
  }
  return {{"L", elements}};
}

Computed SumOf(const Json& a, const Json& b, bool negate) {
  const ExactDecimal left = ExactDecimal::Of(ContentOf(a).get<std::string>());
  const ExactDecimal right = ExactDecimal::Of(ContentOf(b).get<std::string>());
  const ExactDecimal sum = ExactDecimal::Add(left, negate ? right.Negated() : right);
  switch (sum.Check()) {
    case testing::NumberFault::kNone:
      return {{{"N", sum.Text()}}, ""};
    case testing::NumberFault::kUnderflow:
      return {{}, kUnderflow};
    default:
      return {{}, kOverflow};  // too many digits are an overflow, too
  }
}

Computed Appended(const Json& left, const Json& right) {
  Json list = left;
  for (const Json& element : right["L"]) {
    list["L"].push_back(element);
  }
  return {list, ""};
}

// The value of a term. All terms read `before`, the item as it was before the update.
Computed Compute(const Term& term, const Json& before) {
  if (term.kind == Term::Kind::kValue) {
    return {Canonical(term.value), ""};
  }
  if (term.kind == Term::Kind::kPath || term.kind == Term::Kind::kIfNotExists) {
    if (const Json* found = Find(before, term.path)) {
      return {*found, ""};
    }
    return term.kind == Term::Kind::kPath ? Computed{{}, kMissing} : Compute(term.terms[0], before);
  }
  const bool append = term.kind == Term::Kind::kListAppend;
  const Computed left = Compute(term.terms[0], before);
  const Computed right = Compute(term.terms[1], before);
  for (const Computed* side : {&left, &right}) {
    if (!side->fault.empty()) {
      return *side;
    }
    if (TypeOf(side->value) != (append ? "L" : "N")) {
      return {{}, kWrongType};
    }
  }
  return append ? Appended(left.value, right.value)
                : SumOf(left.value, right.value, term.kind == Term::Kind::kMinus);
}

// The value that ADD or DELETE makes of `old`; null if nothing is left.
Computed Combine(const Action& action, const Json& old) {
  const Json operand = Canonical(action.term.value);
  if (TypeOf(old) != TypeOf(operand)) {
    return {{}, kWrongType};
  }
  if (action.kind == Action::Kind::kDelete) {
    return {Difference(old, operand), ""};
  }
  return IsSet(old) ? Computed{Union(old, operand), ""} : SumOf(old, operand, false);
}

// The map or list in a spread item that holds the last step of the path; nullptr if it is missing.
Json* HolderOf(Json& item, const Path& path) {
  Json* holder = &item;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto child = holder->find(path[i].Position());
    const char* type = path[i + 1].is_index() ? "L" : "M";
    if (child == holder->end() || !child->contains(type)) {
      return nullptr;
    }
    holder = &(*child)[type];
  }
  return holder;
}

// The value at the target after the action; null if there is none.
Computed ResultOf(const Action& action, const Json& before) {
  if (action.kind == Action::Kind::kSet) {
    return Compute(action.term, before);
  }
  const Json* old = Find(before, action.target);
  if (action.kind == Action::Kind::kRemove ||
      (action.kind == Action::Kind::kDelete && old == nullptr)) {
    return {};
  }
  return old == nullptr ? Computed{Canonical(action.term.value), ""} : Combine(action, *old);
}

// Carries out one action on `after`. Returns the text of the fault, empty if there is none.
std::string Apply(const Action& action, const Json& before, Json& after) {
  Json* holder = HolderOf(after, action.target);
  if (holder == nullptr) {
    return kInvalidPath;
  }
  const Computed result = ResultOf(action, before);
  const std::string position = action.target.back().Position();
  if (!result.fault.empty()) {
    return result.fault;
  }
  if (result.value.is_null()) {
    holder->erase(position);
  } else {
    (*holder)[position] = Spread(result.value);
  }
  return "";
}

}  // namespace

std::string Term::Text(Substitutions& substitutions) const {
  switch (kind) {
    case Kind::kValue:
      return substitutions.Text(value);
    case Kind::kPath:
      return substitutions.Text(path, kRenameEvery);
    case Kind::kIfNotExists:
      return "if_not_exists(" + substitutions.Text(path, kRenameEvery) + ", " +
             terms[0].Text(substitutions) + ")";
    case Kind::kPlus:
      return terms[0].Text(substitutions) + " + " + terms[1].Text(substitutions);
    case Kind::kMinus:
      return terms[0].Text(substitutions) + " - " + terms[1].Text(substitutions);
    case Kind::kListAppend:
      return "list_append(" + terms[0].Text(substitutions) + ", " + terms[1].Text(substitutions) +
             ")";
  }
  return "";
}

Outcome Update::Apply(const Json& before, const Json& key) const {
  const auto removes = [](const Action& action) { return action.kind == Action::Kind::kRemove; };
  if (before.is_null() && !actions.empty() &&
      std::all_of(actions.begin(), actions.end(), removes)) {
    return {};  // REMOVE alone creates no item
  }
  const Json start = before.is_null() ? key : before;
  Json after = Spread({{"M", start}})["M"];
  std::vector<std::string> faults;
  for (const Action& action : actions) {
    const std::string fault = model::Apply(action, start, after);
    if (!fault.empty()) {
      faults.push_back(fault);
    }
  }
  return {Close({{"M", after}})["M"], faults};
}

std::string Update::Text(Substitutions& substitutions) const {
  constexpr std::array<std::pair<Action::Kind, const char*>, 4> kSections = {
      {{Action::Kind::kRemove, "REMOVE "},
       {Action::Kind::kSet, "SET "},
       {Action::Kind::kDelete, "DELETE "},
       {Action::Kind::kAdd, "ADD "}}};
  std::string text;
  for (const auto& [section, word] : kSections) {
    std::string separator = word;
    for (const Action& action : actions) {
      if (action.kind != section) {
        continue;
      }
      text += (text.empty() || separator == ", " ? "" : " ") + separator +
              substitutions.Text(action.target, kRenameEvery);
      separator = ", ";
      if (section != Action::Kind::kRemove) {
        text += (section == Action::Kind::kSet ? " = " : " ") + action.term.Text(substitutions);
      }
    }
  }
  return text;
}

std::string Update::StatementText(Substitutions& substitutions) const {
  std::string text;
  for (const Action& action : actions) {
    const std::string target = substitutions.Text(action.target, kRenameEvery);
    if (action.kind == Action::Kind::kRemove) {
      text.append(" REMOVE ").append(target);
      continue;
    }
    text.append(" SET ").append(target).append(" = ");
    const std::string term = action.term.Text(substitutions);
    if (action.kind == Action::Kind::kSet) {
      text.append(term);
    } else {
      text.append(action.kind == Action::Kind::kAdd ? "set_add(" : "set_delete(");
      text.append(target).append(", ").append(term).append(")");
    }
  }
  return text;
}

std::vector<Path> Update::Targets() const {
  std::vector<Path> targets;
  targets.reserve(actions.size());
  for (const Action& action : actions) {
    targets.push_back(action.target);
  }
  return targets;
}

}  // namespace weir::model
