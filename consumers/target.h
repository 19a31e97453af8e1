// SPDX-License-Identifier: Apache-2.0
// Target: where a consumer of records sends them: a function; later queues, streams and buses. The
// consumers of one service so reach another service without knowing it; who wires the server joins
// them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace weir::consumers {

struct TargetCall {
  std::string arn;         // of the target, with its qualifier if there is one
  std::string request_id;  // a UUID; a repeated try has the same one
  std::string payload;
};

// What became of a call.
struct TargetReply {
  enum class Kind : std::uint8_t {
    kDone,         // `payload` is the answer
    kFailed,       // the target ran and failed; `payload` is its error
    kThrottled,    // nothing ran: the target takes no more at present
    kUnavailable,  // nothing ran: there is no such target, or it can't be reached; `payload` is a
                   // text for people
  };
  Kind kind = Kind::kUnavailable;
  std::string payload;
};

// Thread-safe.
class Target {
 public:
  virtual ~Target() = default;
  using Done = std::function<void(TargetReply)>;
  // Never waits. Calls `done` once, on any thread, perhaps before this returns.
  virtual void Call(TargetCall call, Done done) = 0;
};

}  // namespace weir::consumers
