// SPDX-License-Identifier: Apache-2.0
#include "expression/resolver.h"

#include <optional>

#include "expression/names.h"

namespace weir::expression {
namespace {

bool IsElement(TokenType type) {
  return type == TokenType::kName || type == TokenType::kNameHolder || type == TokenType::kIndex;
}

}  // namespace

Result<PathRange> Resolver::ResolvePath(const SyntaxNode& node) {
  const auto first = static_cast<std::uint32_t>(elements_.size());
  std::size_t levels = 0;
  for (std::uint32_t i = node.token; i < node.last; ++i) {
    levels += IsElement(syntax_.token(i).type) ? 1 : 0;
  }
  if (levels > kMaxPathElements) {
    return syntax_.faults().TooDeep(levels);
  }
  for (std::uint32_t i = node.token; i < node.last; ++i) {
    const std::string_view text = syntax_.Text(i);
    switch (syntax_.token(i).type) {
      case TokenType::kName:
        elements_.push_back({text, 0, false});
        break;
      case TokenType::kNameHolder: {
        const std::optional<std::string_view> name = placeholders_->ResolveName(text);
        if (!name.has_value()) {
          return syntax_.faults().UndefinedName(text);
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
  const std::string_view placeholder = syntax_.Text(node.token);
  const std::optional<Value> value = placeholders_->ResolveValue(placeholder);
  if (!value.has_value()) {
    return syntax_.faults().UndefinedValue(placeholder);
  }
  return *value;
}

}  // namespace weir::expression
