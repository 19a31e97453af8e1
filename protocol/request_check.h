// SPDX-License-Identifier: Apache-2.0
// The checks of a request that its operation's shape describes, with the texts of the service.
//
// They run before anything looks at the meaning of the request. The shapes of attribute values
// (exactly one type, numbers, sets) are not part of them: the decoder of items checks those.
#pragma once

#include "core/result.h"
#include "protocol/json_tree.h"
#include "protocol/shape.h"

namespace weir::protocol {

// The first value of a wrong type in document order, as SerializationException; else the broken
// limits of the first stage of `operation` that has some, as ValidationException. Members that are
// null count as absent, of members given twice the last counts, unknown members are ignored. A root
// that is no object is answered like a body that is not JSON: SerializationException without text.
// Does not allocate when the request is right.
//
// For a right one, the generation of texts in which its values' faults are to be answered: AWS
// reads a request by its older layer, whatever the operation, as soon as one value has several
// types or gives BOOL or NULL as a string (observed on AWS, 2026).
[[nodiscard]] Result<ValueTexts> CheckRequest(const JsonNode& root,
                                              const OperationShape& operation);

// The checks that the service makes only after it has refused a mix of legacy and expression
// parameters: Select, ConditionalOperator, the Action of AttributeUpdates. `root` has passed
// CheckRequest.
[[nodiscard]] Status CheckLateMembers(const JsonNode& root, const OperationShape& operation);

}  // namespace weir::protocol
