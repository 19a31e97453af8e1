// SPDX-License-Identifier: Apache-2.0
// Checks the names in an expression, as far as the text alone shows whether they may stand there.
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

// Parses the index of a list element, a Java int in the service; nullopt if it is greater than
// that.
std::optional<std::uint32_t> ParseIndex(std::string_view digits);

// Refuses reserved words and indices out of range in a path.
[[nodiscard]] Status CheckPathNames(const SyntaxView& syntax, const SyntaxNode& path);

// Checks that a function exists and belongs to this kind of expression.
[[nodiscard]] Status CheckFunctionName(const SyntaxView& syntax, const SyntaxNode& function);

}  // namespace weir::expression
