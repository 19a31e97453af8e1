// SPDX-License-Identifier: Apache-2.0
// Turns the faults of storage into errors in DynamoDB's words.
#pragma once

#include <string_view>
#include <utility>

#include "core/result.h"
#include "storage/fault.h"

namespace weir::dynamodb {

// ResourceNotFoundException as item operations word it, without a name.
ApiError TableNotFound();
// ResourceNotFoundException as control-plane operations word it, with the table's name.
ApiError TableNotFound(std::string_view name);
// ValidationException as reads of an index word it.
ApiError IndexNotFound(std::string_view name);

// A fault as item operations word it.
ApiError ErrorOf(storage::Fault fault);
// A fault as control-plane operations word it; the request was about the table `name_or_arn`.
ApiError ErrorOf(storage::Fault fault, std::string_view name_or_arn);

// What storage returned, with its fault as item operations word it.
template <class T>
Result<T> Worded(storage::Outcome<T> outcome) {
  if (!outcome.ok()) {
    return ErrorOf(std::move(outcome).error());
  }
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(outcome).value();
  }
}

// What storage returned, with its fault as control-plane operations word it.
template <class T>
Result<T> WordedForControl(storage::Outcome<T> outcome, std::string_view name_or_arn) {
  if (!outcome.ok()) {
    return ErrorOf(std::move(outcome).error(), name_or_arn);
  }
  return std::move(outcome).value();
}

}  // namespace weir::dynamodb
