// SPDX-License-Identifier: Apache-2.0
// A record of a stream, as a Lambda function gets it.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
#pragma once

#include <string>

#include "core/change.h"
#include "stream/stream.h"

namespace weir::dynamodb {

// Appends the record of a change as a JSON object. Other than GetRecords, events have the time as a
// decimal, the ARN of the stream, and the members of userIdentity in lower case (recorded on AWS).
void AppendEventRecord(const stream::Stream& stream, const Change& change, std::string& out);

}  // namespace weir::dynamodb
