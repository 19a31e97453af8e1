// SPDX-License-Identifier: Apache-2.0
// Writes errors as answers.
#pragma once

#include "core/api_error.h"
#include "protocol/http.h"

namespace weir::dynamodb {

// Makes `response` the answer to a refused request: status, and a body like
// `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"…"}`.
void WriteError(const ApiError& error, protocol::HttpResponse& response);

}  // namespace weir::dynamodb
