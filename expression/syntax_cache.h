// SPDX-License-Identifier: Apache-2.0
// Keeps the syntax of earlier expressions, since programs send the same few texts again and again.
#pragma once

#include <string_view>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/syntax.h"

namespace weir::expression {

// Takes the first step (syntax.h) for one kind of expression. Fails with the service's
// ValidationException.
using ReadSyntax = Result<Syntax> (*)(Faults faults, std::string_view text);

// The syntax of `text`: kept from an earlier call of this thread, or else made by `read`, whose
// error it returns. Each kind of expression (faults.kind()) must always come with one `read`. The
// result is valid until this thread's next call, and borrows `text`.
Result<SyntaxView> SyntaxOf(Faults faults, std::string_view text, ReadSyntax read);

}  // namespace weir::expression
