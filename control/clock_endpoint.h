// SPDX-License-Identifier: Apache-2.0
// /_weir/clock: the service's time, from outside.
//
//   GET                     → answer
//   POST change             → answer, after everything due by the new time has happened
//   change := {"freeze": true} | {"resume": true} | {"set": time} | {"advance": span},
//             or several of these members together, but not freeze and resume, nor set and advance:
//             freezing comes first, then the move, then resuming
//   time   := a text of core/time_text.h, or seconds since the epoch
//   span   := a text of core/time_text.h, or seconds
//   answer := {"now": time as text, "epochSeconds": that time as a number, "frozen": bool}
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/timeline.h"
#include "protocol/http.h"

namespace weir::control {

// Reads the body of a POST. Fails with a ValidationException whose text says what is wrong.
Result<ClockChange> ParseClockChange(std::string_view body);

// Thread-safe. `timeline` must outlive it.
class ClockEndpoint final : public protocol::RequestHandler {
 public:
  explicit ClockEndpoint(Timeline& timeline) : timeline_(timeline) {}

  // Takes GET, HEAD and POST.
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  Timeline& timeline_;
};

}  // namespace weir::control
