// SPDX-License-Identifier: Apache-2.0
#include "tests/model/model_condition.h"

#include <algorithm>

namespace weir::model {
namespace {

constexpr std::size_t kRenameEvery = 3;

bool Compare(const std::string& word, const std::optional<Json>& a, const std::optional<Json>& b) {
  const bool equal = a.has_value() && b.has_value() && *a == *b;
  if (word == "=" || word == "<>") {
    return equal == (word == "=");
  }
  const std::optional<int> order =
      a.has_value() && b.has_value() ? Order(*a, *b) : std::optional<int>();
  if (!order.has_value()) {
    return false;
  }
  return *order == 0 ? word.size() == 2 : (*order < 0) == (word[0] == '<');
}

bool Contains(const Json& whole, const Json& part) {
  const std::string& type = TypeOf(whole);
  if (type == "L") {
    const Json& list = ContentOf(whole);
    return std::find(list.begin(), list.end(), part) != list.end();
  }
  if (IsSet(whole)) {
    const Json& set = ContentOf(whole);
    return type == TypeOf(part) + "S" &&
           std::find(set.begin(), set.end(), ContentOf(part)) != set.end();
  }
  if (type != TypeOf(part) || (type != "S" && type != "B")) {
    return false;
  }
  const std::string text = ContentOf(whole);
  const std::string piece = ContentOf(part);
  return type == "S" ? text.find(piece) != std::string::npos
                     : DecodeBase64(text).find(DecodeBase64(piece)) != std::string::npos;
}

bool BeginsWith(const Json& whole, const Json& part) {
  const std::string& type = TypeOf(whole);
  if (type != TypeOf(part) || (type != "S" && type != "B")) {
    return false;
  }
  const std::string text = ContentOf(whole);
  const std::string piece = ContentOf(part);
  return type == "S" ? text.starts_with(piece)
                     : DecodeBase64(text).starts_with(DecodeBase64(piece));
}

bool Function(const std::string& name, const std::optional<Json>& a, const std::optional<Json>& b) {
  if (name == "attribute_exists" || name == "attribute_not_exists") {
    return a.has_value() == (name == "attribute_exists");
  }
  if (!a.has_value() || !b.has_value()) {
    return false;
  }
  if (name == "attribute_type") {
    return ContentOf(*b).get<std::string>() == TypeOf(*a);
  }
  return name == "contains" ? Contains(*a, *b) : BeginsWith(*a, *b);
}

}  // namespace

std::optional<Json> Operand::In(const Json& item) const {
  if (kind == Kind::kValue) {
    return Canonical(value);
  }
  const Json* found = Find(item, path);
  if (found == nullptr || kind == Kind::kPath) {
    return found == nullptr ? std::nullopt : std::optional<Json>(*found);
  }
  const std::optional<std::size_t> size = SizeFunction(*found);
  return size.has_value() ? std::optional<Json>(Json{{"N", std::to_string(*size)}}) : std::nullopt;
}

std::string Operand::Text(Substitutions& substitutions) const {
  if (kind == Kind::kValue) {
    return substitutions.Text(value);
  }
  const std::string text = substitutions.Text(path, kRenameEvery);
  return kind == Kind::kSize ? "size(" + text + ")" : text;
}

bool Condition::Holds(const Json& item) const {
  const auto holds = [&](const Condition& child) { return child.Holds(item); };
  const auto operand = [&](std::size_t index) {
    return index < operands.size() ? operands[index].In(item) : std::nullopt;
  };
  switch (kind) {
    case Kind::kAnd:
      return std::all_of(children.begin(), children.end(), holds);
    case Kind::kOr:
      return std::any_of(children.begin(), children.end(), holds);
    case Kind::kNot:
      return !holds(children[0]);
    case Kind::kCompare:
      return Compare(word, operand(0), operand(1));
    case Kind::kBetween:
      return Compare(">=", operand(0), operand(1)) && Compare("<=", operand(0), operand(2));
    case Kind::kIn:
      return std::any_of(operands.begin() + 1, operands.end(), [&](const Operand& candidate) {
        return Compare("=", operand(0), candidate.In(item));
      });
    case Kind::kFunction:
      return Function(word, operand(0), operand(1));
  }
  return false;
}

// Writes parentheses around AND and OR within AND, and around OR within OR, but none around AND
// within OR: AND binds more tightly.
std::string Condition::Text(Substitutions& substitutions) const {
  std::string text;
  const auto join = [&](const std::string& separator, const auto& list, std::size_t first) {
    for (std::size_t i = first; i < list.size(); ++i) {
      text += i > first ? separator : "";
      text += list[i].Text(substitutions);
    }
  };
  switch (kind) {
    case Kind::kAnd:
    case Kind::kOr:
      for (const Condition& child : children) {
        text += text.empty() ? "" : kind == Kind::kAnd ? " AND " : " OR ";
        const bool bare = child.children.empty() || (kind == Kind::kOr && child.kind == Kind::kAnd);
        text += bare ? child.Text(substitutions) : "(" + child.Text(substitutions) + ")";
      }
      return text;
    case Kind::kNot:
      return "NOT (" + children[0].Text(substitutions) + ")";
    case Kind::kCompare:
      join(" " + word + " ", operands, 0);
      return text;
    case Kind::kBetween:
      text = operands[0].Text(substitutions) + " BETWEEN ";
      join(" AND ", operands, 1);
      return text;
    case Kind::kIn:
      text = operands[0].Text(substitutions) + (substitutions.in_statement() ? " IN [" : " IN (");
      join(", ", operands, 1);
      return text + (substitutions.in_statement() ? "]" : ")");
    case Kind::kFunction:
      if (substitutions.in_statement() && operands.size() == 1) {
        return operands[0].Text(substitutions) +
               (word == "attribute_exists" ? " IS NOT MISSING" : " IS MISSING");
      }
      text = word + "(";
      join(", ", operands, 0);
      return text + ")";
  }
  return text;
}

}  // namespace weir::model
