// SPDX-License-Identifier: Apache-2.0
// What the grammar made of earlier expressions: programs send the same few texts again and again.
#pragma once

#include <string_view>

#include "core/result.h"
#include "expression/fault.h"
#include "expression/syntax.h"

namespace weir::expression {

// The first step of one kind of expression. Fails with the service's ValidationException.
using ReadSyntax = Result<Syntax> (*)(Faults faults, std::string_view text);

// The syntax of `text`: kept by this thread from before, or else made by `read`, whose fault is the
// result if it has one. `read` depends on the kind of expression alone. Valid until the thread's
// next call, and as long as `text` is.
Result<SyntaxView> SyntaxOf(Faults faults, std::string_view text, ReadSyntax read);

}  // namespace weir::expression
