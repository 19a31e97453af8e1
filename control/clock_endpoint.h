// SPDX-License-Identifier: Apache-2.0
// /_weir/clock: the service's time, from outside.
//
//   GET                     → answer
//   POST change             → answer, once everything due by the new time has happened
//   change := {"freeze": true} | {"resume": true} | {"set": time} | {"advance": span},
//             or members of several together: freezing comes first, then the one move, then resuming
//   time   := a text of core/time_text.h, or seconds since the epoch
//   span   := a text of core/time_text.h, or seconds
//   answer := {"now": time as text, "epochSeconds": the same as a number, "frozen": bool}
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/timeline.h"
#include "protocol/http.h"

namespace weir::control {

// Fails with a ValidationException whose text says what is wrong.
Result<ClockChange> ParseClockChange(std::string_view body);

// Thread-safe. `timeline` must outlive it.
class ClockEndpoint final : public protocol::RequestHandler {
 public:
  explicit ClockEndpoint(Timeline& timeline) : timeline_(timeline) {}

  // For GET, HEAD and POST.
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  Timeline& timeline_;
};

}  // namespace weir::control
