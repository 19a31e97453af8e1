// SPDX-License-Identifier: Apache-2.0
// Turns the faults of a stream into errors: in the words of DynamoDB Streams or, for what only Weir
// has, in our own.
#pragma once

#include <utility>

#include "core/result.h"
#include "stream/fault.h"

namespace weir::dynamodb {

// ResourceNotFoundException for a shard that the stream does not have.
ApiError ShardNotFound();

ApiError ErrorOf(const stream::Fault& fault);

// What a stream returned, with its fault as an error.
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
