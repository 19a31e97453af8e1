// SPDX-License-Identifier: Apache-2.0
// PartiQL's keywords, which are names only if they are quoted. They are those of SQL-92 and those
// that PartiQL adds (https://partiql.org/assets/PartiQL-Specification.pdf), not the reserved words
// of expressions: `name` and `data` are names here.
#pragma once

#include <string_view>

namespace weir::expression {

// `word` as a keyword, in lower case and in static storage; empty if it is not a keyword. The case
// of `word` does not matter.
std::string_view PartiqlKeyword(std::string_view word);

// The type that `keyword` (in lower case) names after IS, as the service prints it: "int" is
// "INTEGER". Empty if it names no type.
std::string_view PartiqlTypeName(std::string_view keyword);

// Whether a keyword can be called as a function: `size(a)`, `count(a)`.
bool IsPartiqlFunctionKeyword(std::string_view keyword);

}  // namespace weir::expression
