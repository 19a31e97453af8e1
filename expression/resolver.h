// SPDX-License-Identifier: Apache-2.0
// The second step of reading an expression, as far as all kinds share it: paths and values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/value.h"
#include "expression/parser.h"
#include "expression/path.h"
#include "expression/placeholders.h"

namespace weir::expression {

enum class FunctionFamily : std::uint8_t {
  kUnknown,
  kCondition,
  kUpdate,
};

FunctionFamily FamilyOf(std::string_view function);

// Turns paths of the syntax tree into PathElements, and value placeholders into values.
class Resolver {
 public:
  Resolver(const Parser& parser, Placeholders& placeholders)
      : parser_(&parser), placeholders_(&placeholders) {}

  // Reserved words and indices out of range in a path.
  [[nodiscard]] Status CheckPath(const SyntaxNode& node) const;

  // Whether a function exists and belongs to this kind of expression.
  [[nodiscard]] Status CheckFunctionName(const SyntaxNode& node) const;

  Result<PathRange> ResolvePath(const SyntaxNode& node);
  Result<Value> ResolveValue(const SyntaxNode& node);

  [[nodiscard]] PathView View(PathRange range) const {
    return std::span(elements_).subspan(range.first, range.size);
  }
  // The elements of all paths so far.
  [[nodiscard]] const std::vector<PathElement>& elements() const { return elements_; }
  [[nodiscard]] std::vector<PathElement> TakeElements() { return std::move(elements_); }

 private:
  const Parser* parser_;
  Placeholders* placeholders_;
  std::vector<PathElement> elements_;
};

}  // namespace weir::expression
