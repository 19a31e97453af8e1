// SPDX-License-Identifier: Apache-2.0
// AsyncEvent: an asynchronous invocation that has been accepted, and its record.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace weir::lambda {

struct AsyncEvent {
  std::string request_id;  // the same at each attempt
  std::string function;    // the name, by which events take turns
  std::string arn;         // as invoked, with the qualifier
  std::string payload;
  Micros accepted{0};
  int failures = 0;  // attempts that ended as function errors
  int refusals = 0;  // attempts in a row at which nothing ran
  Micros due{0};     // when the next attempt may be made

  // What it takes of the bound on the queue, in bytes.
  [[nodiscard]] std::size_t size() const {
    return sizeof(AsyncEvent) + request_id.size() + function.size() + arn.size() + payload.size();
  }
};

// The event as a kept record.
std::string RecordOf(const AsyncEvent& event);
// nullopt if the record makes no sense.
std::optional<AsyncEvent> ReadEvent(std::string_view record);

}  // namespace weir::lambda
