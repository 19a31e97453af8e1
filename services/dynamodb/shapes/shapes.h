// SPDX-License-Identifier: Apache-2.0
// The request shapes of all operations of DynamoDB and DynamoDB Streams; see protocol/shape.h.
//
// Constant data, so nothing runs at start-up and any thread may read it.
#pragma once

#include <span>
#include <string_view>

#include "protocol/shape.h"

namespace weir::dynamodb {

// Every operation, those of DynamoDB first, sorted by name.
[[nodiscard]] std::span<const protocol::OperationShape> AllOperationShapes();

// The shape of an operation by its name ("PutItem"), which no two of both services have; nullptr
// when there is none.
[[nodiscard]] const protocol::OperationShape* FindOperationShape(std::string_view name);

}  // namespace weir::dynamodb
