// SPDX-License-Identifier: Apache-2.0
#include "expression/partiql_syntax.h"

#include <utility>

#include "expression/partiql_expression_parser.h"

namespace weir::expression {

Result<PartiqlSyntax> ParsePartiql(std::string_view text) {
  PartiqlParse parse;
  WEIR_ASSIGN_OR_RETURN(parse.syntax.tokens, TokenizePartiql(text));
  WEIR_RETURN_IF_ERROR(PartiqlExpressionParser(parse).ParseText());
  return std::move(parse.syntax);
}

}  // namespace weir::expression
