// SPDX-License-Identifier: Apache-2.0
// The words of PartiQL that are no names unless they are quoted. They are those of SQL-92 and what
// PartiQL adds (https://partiql.org/assets/PartiQL-Specification.pdf), not the reserved words of
// expressions: `name` and `data` are names here.
#pragma once

#include <string_view>

namespace weir::expression {

// The keyword that `word` is, in lower case and in static storage; empty if it is none. `word` is
// compared in whatever case it is written.
std::string_view PartiqlKeyword(std::string_view word);

// The type that `keyword` (in lower case) names behind IS, as the service prints it: "int" is
// "INTEGER". Empty if it names none.
std::string_view PartiqlTypeName(std::string_view keyword);

// Whether a keyword can be called as a function: `size(a)`, `count(a)`.
bool IsPartiqlFunctionKeyword(std::string_view keyword);

}  // namespace weir::expression
