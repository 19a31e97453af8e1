// SPDX-License-Identifier: Apache-2.0
#include "expression/resolver.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "expression/reserved_words.h"

namespace weir::expression {
namespace {

// Indices are Java ints in the service.
constexpr std::uint32_t kMaxIndex = std::numeric_limits<std::int32_t>::max();

std::optional<std::uint32_t> ParseIndex(std::string_view digits) {
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || index > kMaxIndex) {
    return std::nullopt;
  }
  return index;
}

bool IsElement(TokenType type) {
  return type == TokenType::kName || type == TokenType::kNameHolder || type == TokenType::kIndex;
}

}  // namespace

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

Status Resolver::CheckPath(const SyntaxNode& node) const {
  for (std::uint32_t i = node.token; i < node.last; ++i) {
    const TokenType type = parser_->token(i).type;
    if (type == TokenType::kName && IsReservedWord(parser_->Text(i))) {
      return parser_->faults().ReservedWord(parser_->Text(i));
    }
    if (type == TokenType::kIndex && !ParseIndex(parser_->Text(i)).has_value()) {
      return parser_->faults().IndexRange(parser_->Text(i));
    }
  }
  return {};
}

Status Resolver::CheckFunctionName(const SyntaxNode& node) const {
  const std::string_view name = parser_->Text(node.token);
  const FunctionFamily family = FamilyOf(name);
  if (family == FunctionFamily::kUnknown) {
    return parser_->faults().UnknownFunction(name);
  }
  const bool is_update = parser_->faults().kind() == ExpressionKind::kUpdate;
  if ((family == FunctionFamily::kUpdate) != is_update) {
    return parser_->faults().ForeignFunction(name);
  }
  return {};
}

Result<PathRange> Resolver::ResolvePath(const SyntaxNode& node) {
  const auto first = static_cast<std::uint32_t>(elements_.size());
  std::size_t levels = 0;
  for (std::uint32_t i = node.token; i < node.last; ++i) {
    levels += IsElement(parser_->token(i).type) ? 1 : 0;
  }
  if (levels > kMaxPathElements) {
    return parser_->faults().TooDeep(levels);
  }
  for (std::uint32_t i = node.token; i < node.last; ++i) {
    const std::string_view text = parser_->Text(i);
    switch (parser_->token(i).type) {
      case TokenType::kName:
        elements_.push_back({text, 0, false});
        break;
      case TokenType::kNameHolder: {
        const std::optional<std::string_view> name = placeholders_->ResolveName(text);
        if (!name.has_value()) {
          return parser_->faults().UndefinedName(text);
        }
        elements_.push_back({*name, 0, false});
        break;
      }
      case TokenType::kIndex:
        elements_.push_back({{}, ParseIndex(text).value_or(0), true});
        break;
      default:  // dots and brackets
        break;
    }
  }
  return PathRange{first, static_cast<std::uint32_t>(elements_.size() - first)};
}

Result<Value> Resolver::ResolveValue(const SyntaxNode& node) {
  const std::string_view placeholder = parser_->Text(node.token);
  const std::optional<Value> value = placeholders_->ResolveValue(placeholder);
  if (!value.has_value()) {
    return parser_->faults().UndefinedValue(placeholder);
  }
  return *value;
}

}  // namespace weir::expression
