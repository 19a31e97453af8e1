// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace weir::expression {

// Which of the service's two validation layers words the faults of an expression; each operation
// has one of them.
enum class TextLayer : bool { kNewer, kOlder };

}  // namespace weir::expression
