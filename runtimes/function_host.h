// SPDX-License-Identifier: Apache-2.0
// FunctionHost: where functions run, and the log that they write.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "runtimes/function_spec.h"

namespace weir::runtimes {

struct InvokeRequest {
  std::string request_id;      // a UUID
  std::string payload;         // JSON
  std::string client_context;  // JSON; empty: none
  std::string invoked_arn;     // with the qualifier that the caller gave
};

// How an invocation ended.
struct InvokeOutcome {
  enum class Kind : std::uint8_t {
    kReturned,       // `payload` is what the function returned
    kFunctionError,  // `payload` is {"errorMessage":…,"errorType":…,…}: the function threw, timed
                     // out, exited, or could not be started for a fault of its own
    kThrottled,    // no place is free; nothing ran
    kUnavailable,  // nothing ran: no process is attached, the endpoint does not answer, or the
                   // server ends; `payload` is a text for people
  };
  Kind kind = Kind::kUnavailable;
  std::string payload;
  std::string log_tail;  // the last 4 KB that the invocation logged, as they are
};

class FunctionHost {
 public:
  virtual ~FunctionHost() = default;
  using Done = std::function<void(InvokeOutcome)>;
  // Runs an invocation and calls `done` once, on any thread, perhaps before this returns. At most
  // one invocation at a time runs in a process. Never waits.
  virtual void Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) = 0;
  // Ends the processes of all versions of a function that was deleted or changed, once their
  // invocations are over.
  virtual void Retire(std::string_view name) = 0;
  // Ends all processes now; their invocations, and later ones, end as kUnavailable.
  virtual void Stop() = 0;
};

// Takes what functions print, line by line. Thread-safe.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // `group` "/aws/lambda/orders", `stream` "2026/12/01/[$LATEST]<32 hex digits>". `message` has no
  // newline at its end.
  virtual void Append(std::string_view group, std::string_view stream, Micros time,
                      std::string_view message) = 0;
};

}  // namespace weir::runtimes
