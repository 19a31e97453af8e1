// SPDX-License-Identifier: Apache-2.0
// The request shapes of all operations of DynamoDB and DynamoDB Streams; see protocol/shape.h.
//
// Constant data, so nothing runs at start-up and any thread may read it.
#pragma once

#include <span>
#include <string_view>

#include "protocol/shape.h"

namespace weir::dynamodb {

// Those of DynamoDB, then those of DynamoDB Streams, each sorted by name.
[[nodiscard]] std::span<const protocol::OperationShape> AllOperationShapes();

// The shape of the operation with that name ("PutItem"), which is unique over both services;
// nullptr if there is no such operation.
[[nodiscard]] const protocol::OperationShape* FindOperationShape(std::string_view name);

}  // namespace weir::dynamodb
