// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_update.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "expression/names.h"
#include "expression/partiql_condition.h"
#include "expression/targets.h"

namespace weir::expression {
namespace {

using Kind = PartiqlNodeType;

ApiError MissingValue() {
  return ValidationError("MISSING must be compared using IS operator");
}

}  // namespace

Result<UpdateTree> PartiqlUpdateBuilder::Build(std::span<const PartiqlAssignment> assignments) {
  Targets targets(paths_.elements());
  for (const PartiqlAssignment& assignment : assignments) {
    Action action;
    WEIR_ASSIGN_OR_RETURN(action.target, paths_.Resolve(assignment.target));
    if (assignment.value == kNone) {
      action.type = ActionType::kRemove;
    } else {
      WEIR_RETURN_IF_ERROR(BuildValue(assignment.value, action));
    }
    WEIR_RETURN_IF_ERROR(targets.Insert(Faults(ExpressionKind::kPartiql), action.target));
    tree_.actions.push_back(action);
  }
  tree_.elements = paths_.elements();
  return std::move(tree_);
}

Status PartiqlUpdateBuilder::BuildValue(std::uint32_t value, Action& action) {
  const PartiqlNode& node = syntax_.nodes[value];
  if (node.type == Kind::kCall) {
    const std::string name = PartiqlFunctionName(syntax_.Token(node));
    if (name == "set_add") {
      return BuildSetFunction(node, ActionType::kAdd, action);
    }
    if (name == "set_delete") {
      return BuildSetFunction(node, ActionType::kDelete, action);
    }
  }
  WEIR_ASSIGN_OR_RETURN(action.term, BuildTerm(value));
  return {};
}

// `a = set_add(a, <<..>>)`: the function names the attribute that it changes.
Status PartiqlUpdateBuilder::BuildSetFunction(const PartiqlNode& call, ActionType type,
                                              Action& action) {
  const std::string name = type == ActionType::kAdd ? "SET_ADD" : "SET_DELETE";
  const std::uint32_t first = call.child;
  const std::uint32_t second = first == kNone ? kNone : syntax_.nodes[first].next;
  if (second == kNone || syntax_.nodes[second].next != kNone) {
    return ValidationError(name + " must have exactly two arguments" +
                           AtPosition(syntax_.Token(call)));
  }
  bool same = PartiqlPaths::IsPath(syntax_.nodes[first]);
  if (same) {
    WEIR_ASSIGN_OR_RETURN(const PathRange path, paths_.Resolve(first));
    const PathView argument = paths_.View(path);
    const PathView target = paths_.View(action.target);
    same = std::equal(argument.begin(), argument.end(), target.begin(), target.end());
  }
  if (!same) {
    return ValidationError("The first argument to " + name + " must equal the assignment value" +
                           AtPosition(syntax_.Token(call)));
  }
  Term term;
  term.type = TermType::kValue;
  if (PartiqlValues::IsConstant(syntax_.nodes[second])) {
    WEIR_ASSIGN_OR_RETURN(const Value set, values_.Constant(second));
    term.value = IsSet(set.type()) ? set.encoded().data() : nullptr;
  }
  if (term.value == nullptr) {
    return ValidationError("The second argument to " + name + " must be a value with type SET" +
                           AtPosition(syntax_.Token(syntax_.nodes[first])));
  }
  action.type = type;
  action.term = AddTerm(term);
  return {};
}

PartiqlUpdateBuilder::TermResult PartiqlUpdateBuilder::BuildTerm(std::uint32_t index) {
  const PartiqlNode& node = syntax_.nodes[index];
  Term term;
  if (PartiqlPaths::IsPath(node)) {
    WEIR_ASSIGN_OR_RETURN(term.path, paths_.Resolve(index));
    return AddTerm(term);
  }
  if (PartiqlValues::IsConstant(node)) {
    WEIR_ASSIGN_OR_RETURN(const Value value, values_.Constant(index));
    term.type = TermType::kValue;
    term.value = value.encoded().data();
    return AddTerm(term);
  }
  switch (node.type) {
    case Kind::kMissing:
      return MissingValue();
    case Kind::kOperator:
      return BuildOperator(node);
    case Kind::kIsType:
      return ValidationError("IS operator is not supported in update expressions");
    case Kind::kCall:
      return BuildCall(node);
    default:
      return ValidationError(
          "Unsupported token in expression: " +
          (node.type == Kind::kAggregate ? PartiqlFunctionName(syntax_.Token(node)) : "SELECT") +
          AtPosition(syntax_.Token(node)));
  }
}

PartiqlUpdateBuilder::TermResult PartiqlUpdateBuilder::BuildOperator(const PartiqlNode& node) {
  const std::string_view word = syntax_.Token(node).word;
  if (word != "+" && word != "-") {
    return ValidationError("Unsupported operator in Update Expression. Operator: " +
                           std::string(word.empty() ? "*" : word));
  }
  const std::uint32_t right = syntax_.nodes[node.child].next;
  if (right == kNone) {
    return Faults(ExpressionKind::kPartiql).OperandCount(word, 1);
  }
  Term term;
  term.type = word == "+" ? TermType::kPlus : TermType::kMinus;
  WEIR_ASSIGN_OR_RETURN(term.left, BuildTerm(node.child));
  WEIR_ASSIGN_OR_RETURN(term.right, BuildTerm(right));
  WEIR_RETURN_IF_ERROR(checks_.CheckNumbers(word, term));
  return AddTerm(term);
}

PartiqlUpdateBuilder::TermResult PartiqlUpdateBuilder::BuildCall(const PartiqlNode& node) {
  const PartiqlToken& token = syntax_.Token(node);
  const std::string name = PartiqlFunctionName(token);
  switch (FamilyOf(name)) {
    case FunctionFamily::kUnknown:
      return UnrecognizedFunction(token);
    case FunctionFamily::kCondition:
      return ValidationError("The function is not allowed in an update expression; function: " +
                             name);
    case FunctionFamily::kUpdate:
      break;
  }
  std::vector<std::uint32_t> terms;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.nodes[child].next) {
    WEIR_ASSIGN_OR_RETURN(const std::uint32_t term, BuildTerm(child));
    terms.push_back(term);
  }
  Term term;
  if (terms.size() == 2) {
    term.left = terms[0];
    term.right = terms[1];
  }
  WEIR_ASSIGN_OR_RETURN(term, checks_.CheckFunction(name, terms.size(), term));
  return AddTerm(term);
}

std::uint32_t PartiqlUpdateBuilder::AddTerm(Term term) {
  tree_.terms.push_back(term);
  return static_cast<std::uint32_t>(tree_.terms.size() - 1);
}

}  // namespace weir::expression
