// SPDX-License-Identifier: Apache-2.0
// `weir clock`: the command-line half of /_weir/clock.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct ClockCommand {
  ServerAddress target;
  std::string change;  // the body of the POST; empty: the clock is only read
};

// Changes or reads the clock, and prints the time that it then shows, with `frozen` after it if the
// clock stands still. Returns the exit code: 0, or 1 with the reason on stderr.
int RunClockCommand(const ClockCommand& command);

}  // namespace weir::cli
