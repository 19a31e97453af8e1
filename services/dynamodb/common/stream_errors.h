// SPDX-License-Identifier: Apache-2.0
// What a stream refuses, in the words of DynamoDB Streams or, for what only Weir has, our own.
#pragma once

#include <utility>

#include "core/result.h"
#include "stream/fault.h"

namespace weir::dynamodb {

// ResourceNotFoundException for a shard that the stream does not have.
ApiError ShardNotFound();

ApiError ErrorOf(const stream::Fault& fault);

// What a stream answers, with its fault worded.
template <class T>
Result<T> Worded(stream::Outcome<T> outcome) {
  if (!outcome.ok()) {
    return ErrorOf(outcome.error());
  }
  return std::move(outcome).value();
}
inline Status Worded(const stream::Outcome<void>& outcome) {
  return outcome.ok() ? Status() : ErrorOf(outcome.error());
}

}  // namespace weir::dynamodb
