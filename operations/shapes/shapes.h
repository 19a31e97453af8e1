// SPDX-License-Identifier: Apache-2.0
// The request shapes of all operations of both services; see core/shape.h.
//
// Constant data, so nothing runs at start-up and any thread may read it.
#pragma once

#include <span>
#include <string_view>

#include "core/shape.h"

namespace weir {

// Every operation, sorted by service and then by name.
[[nodiscard]] std::span<const OperationShape> AllOperationShapes();

// The shape of an operation by its wire name ("PutItem"); nullptr when there is none.
[[nodiscard]] const OperationShape* FindOperationShape(Service service, std::string_view name);

}  // namespace weir
