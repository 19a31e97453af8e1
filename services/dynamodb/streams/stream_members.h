// SPDX-License-Identifier: Apache-2.0
// What the stream operations share.
#pragma once

#include <string_view>

#include "core/result.h"
#include "services/dynamodb/database.h"
#include "stream/stream.h"

namespace weir::dynamodb {

// ValidationException for a text that cannot be a stream's ARN.
Status CheckStreamArn(std::string_view arn);

// ResourceNotFoundException if there is no such stream.
Result<stream::StreamPtr> FindStream(Database& database, std::string_view arn);

// The stream with that ARN, or the latest stream of the table with that name or ARN.
// ResourceNotFoundException if there is no such stream.
Result<stream::StreamPtr> FindAnyStream(Database& database, std::string_view stream_or_table);

}  // namespace weir::dynamodb
