// SPDX-License-Identifier: Apache-2.0
// What the stream operations share.
#pragma once

#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"
#include "stream/stream.h"

namespace weir::dynamodb {

// ValidationException for text that cannot be a stream's ARN.
Status CheckStreamArn(std::string_view arn);

// ResourceNotFoundException unless there is such a stream.
Result<stream::StreamPtr> FindStream(Database& database, std::string_view arn);

// The stream of that ARN, or the latest one of the table of that name or ARN.
// ResourceNotFoundException if there is none.
Result<stream::StreamPtr> FindAnyStream(Database& database, std::string_view stream_or_table);

}  // namespace weir::dynamodb
