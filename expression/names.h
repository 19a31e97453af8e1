// SPDX-License-Identifier: Apache-2.0
// The names in an expression, as far as the text shows whether they may stand there.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"
#include "expression/syntax.h"

namespace weir::expression {

enum class FunctionFamily : std::uint8_t {
  kUnknown,
  kCondition,
  kUpdate,
};

FunctionFamily FamilyOf(std::string_view function);

// The index of a list element: a Java int in the service. None if it is greater.
std::optional<std::uint32_t> ParseIndex(std::string_view digits);

// Reserved words and indices out of range in a path.
[[nodiscard]] Status CheckPathNames(const SyntaxView& syntax, const SyntaxNode& path);

// Whether a function exists and belongs to this kind of expression.
[[nodiscard]] Status CheckFunctionName(const SyntaxView& syntax, const SyntaxNode& function);

}  // namespace weir::expression
