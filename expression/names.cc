// SPDX-License-Identifier: Apache-2.0
#include "expression/names.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include "expression/reserved_words.h"

namespace weir::expression {

FunctionFamily FamilyOf(std::string_view function) {
  constexpr std::string_view kConditionFunctions[] = {"attribute_exists", "attribute_not_exists",
                                                      "attribute_type",   "begins_with",
                                                      "contains",         "size"};
  constexpr std::string_view kUpdateFunctions[] = {"if_not_exists", "list_append"};
  const auto has = [&](const auto& names) {
    return std::find(std::begin(names), std::end(names), function) != std::end(names);
  };
  if (has(kConditionFunctions)) {
    return FunctionFamily::kCondition;
  }
  return has(kUpdateFunctions) ? FunctionFamily::kUpdate : FunctionFamily::kUnknown;
}

std::optional<std::uint32_t> ParseIndex(std::string_view digits) {
  constexpr std::uint32_t kMaxIndex = std::numeric_limits<std::int32_t>::max();
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || index > kMaxIndex) {
    return std::nullopt;
  }
  return index;
}

Status CheckPathNames(const SyntaxView& syntax, const SyntaxNode& path) {
  for (std::uint32_t i = path.token; i < path.last; ++i) {
    const TokenType type = syntax.token(i).type;
    if (type == TokenType::kName && IsReservedWord(syntax.Text(i))) {
      return syntax.faults().ReservedWord(syntax.Text(i));
    }
    if (type == TokenType::kIndex && !ParseIndex(syntax.Text(i)).has_value()) {
      return syntax.faults().IndexRange(syntax.Text(i));
    }
  }
  return {};
}

Status CheckFunctionName(const SyntaxView& syntax, const SyntaxNode& function) {
  const std::string_view name = syntax.Text(function.token);
  const FunctionFamily family = FamilyOf(name);
  if (family == FunctionFamily::kUnknown) {
    return syntax.faults().UnknownFunction(name);
  }
  const bool is_update = syntax.faults().kind() == ExpressionKind::kUpdate;
  if ((family == FunctionFamily::kUpdate) != is_update) {
    return syntax.faults().ForeignFunction(name);
  }
  return {};
}

}  // namespace weir::expression
