// SPDX-License-Identifier: Apache-2.0
// Checks a request against its operation's shape, with the texts of the service.
//
// These checks run before anything looks at the meaning of the request. They do not look into
// attribute values (exactly one type, numbers, sets): the decoder of items checks those.
#pragma once

#include "core/result.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// Fails with SerializationException for the first value of a wrong type in document order; else
// with ValidationException for the broken limits that the first stage of `operation` with any
// finds. Members that are null count as missing; of members given twice the last counts; unknown
// members are ignored. A root that is not an object is refused like a body that is not JSON:
// SerializationException without text. Does not allocate if the request passes.
//
// Returns the layer whose texts the faults in the request's attribute values have: kOlder if one
// value has several types or gives BOOL or NULL as a string, since AWS then reads the request by
// its older layer, whatever the operation (observed on AWS, 2026); else kNewer, which leaves the
// choice to the operation.
[[nodiscard]] Result<ValueTexts> CheckRequest(const JsonNode& root,
                                              const OperationShape& operation);

// The checks that the service makes only after those for a mix of legacy and expression parameters:
// Select, ConditionalOperator, the Action of AttributeUpdates. `root` must have passed
// CheckRequest. Fails with ValidationException.
[[nodiscard]] Status CheckLateMembers(const JsonNode& root, const OperationShape& operation);

}  // namespace weir::protocol
