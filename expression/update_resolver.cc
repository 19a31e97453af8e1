// SPDX-License-Identifier: Apache-2.0
#include "expression/update_resolver.h"

#include <cstddef>
#include <string>
#include <utility>

#include "expression/targets.h"

namespace weir::expression {
namespace {

// How the errors of ADD and DELETE name the types that these refuse.
std::string_view LongTypeName(ValueType type) {
  switch (type) {
    case ValueType::kString:
      return "STRING";
    case ValueType::kNumber:
      return "NUMBER";
    case ValueType::kBinary:
      return "BINARY";
    case ValueType::kMap:
      return "MAP";
    case ValueType::kList:
      return "LIST";
    default:  // NULL and BOOL; sets are never refused
      return TypeName(type);
  }
}

}  // namespace

Result<UpdateTree> UpdateResolver::Resolve() {
  const std::span<const SyntaxAction> actions = syntax_.actions();
  WEIR_ASSIGN_OR_RETURN(const std::vector<PathRange> ranges, ResolveTargets(syntax_, resolver_));
  tree_.actions.resize(actions.size());
  // From the last action to the first, as ResolveTargets goes through the targets.
  for (std::size_t i = actions.size(); i-- > 0;) {
    Action& action = tree_.actions[i];
    action.type = actions[i].type;
    action.target = ranges[i];
    if (actions[i].value != kNone) {
      WEIR_ASSIGN_OR_RETURN(action.term, BuildTerm(actions[i].value));
      if (action.type != ActionType::kSet) {
        WEIR_RETURN_IF_ERROR(CheckAddend(action.type, action.term));
      }
    }
  }
  tree_.elements = resolver_.TakeElements();
  return std::move(tree_);
}

Result<std::uint32_t> UpdateResolver::BuildTerm(std::uint32_t index) {
  const SyntaxNode& node = syntax_.node(index);
  Term term;
  switch (node.type) {
    case SyntaxType::kPath: {
      WEIR_ASSIGN_OR_RETURN(term.path, resolver_.ResolvePath(node));
      return AddTerm(term);
    }
    case SyntaxType::kValue: {
      WEIR_ASSIGN_OR_RETURN(const Value value, resolver_.ResolveValue(node));
      term.type = TermType::kValue;
      term.value = value.encoded().data();
      return AddTerm(term);
    }
    case SyntaxType::kFunction:
      return BuildFunction(node);
    default:
      break;
  }
  term.type =
      syntax_.token(node.token).type == TokenType::kPlus ? TermType::kPlus : TermType::kMinus;
  WEIR_ASSIGN_OR_RETURN(term.left, BuildTerm(node.child));
  WEIR_ASSIGN_OR_RETURN(term.right, BuildTerm(syntax_.node(node.child).next));
  WEIR_RETURN_IF_ERROR(checks_.CheckNumbers(syntax_.Text(node.token), term));
  return AddTerm(term);
}

Result<std::uint32_t> UpdateResolver::BuildFunction(const SyntaxNode& node) {
  const std::string_view name = syntax_.Text(node.token);
  Term term;
  std::size_t count = 0;
  for (std::uint32_t child = node.child; child != kNone; child = syntax_.node(child).next) {
    WEIR_ASSIGN_OR_RETURN((count == 0 ? term.left : term.right), BuildTerm(child));
    ++count;
  }
  WEIR_ASSIGN_OR_RETURN(term, checks_.CheckFunction(name, count, term));
  return AddTerm(term);
}

std::uint32_t UpdateResolver::AddTerm(Term term) {
  tree_.terms.push_back(term);
  return static_cast<std::uint32_t>(tree_.terms.size() - 1);
}

// For DELETE, the newer layer names the set of types that ADD takes. It also writes BOOL, where the
// older layer writes BOOLEAN.
Status UpdateResolver::CheckAddend(ActionType type, std::uint32_t term) const {
  const ValueType value_type = Value(tree_.terms[term].value).type();
  if (IsSet(value_type) || (type == ActionType::kAdd && value_type == ValueType::kNumber)) {
    return {};
  }
  const bool older = syntax_.faults().texts() == TextLayer::kOlder;
  return syntax_.faults().Make(
      std::string("Incorrect operand type for operator or function; operator: ")
          .append(type == ActionType::kAdd ? "ADD" : "DELETE")
          .append(", operand type: ")
          .append(older && value_type == ValueType::kBool ? "BOOLEAN" : LongTypeName(value_type))
          .append(", typeSet: ALLOWED_FOR_")
          .append(older && type == ActionType::kDelete ? "DELETE" : "ADD")
          .append("_OPERAND"));
}

}  // namespace weir::expression
