// SPDX-License-Identifier: Apache-2.0
// What `weir`'s arguments ask for.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "server/clock_command.h"
#include "server/control_client.h"
#include "server/options.h"
#include "server/reset_command.h"
#include "server/shards_command.h"
#include "server/tail_command.h"

namespace weir::server {

struct ServeCommand {
  ServerOptions server;
  ServiceOptions service;
  std::string notice;  // for stderr, before anything else: what of the arguments means nothing here
};

struct HealthcheckCommand {
  ServerAddress target;
};

// Nothing is left to do but to print and exit: help, the version, or an error.
struct ExitCommand {
  int code = 0;
  std::string out;    // for stdout
  std::string error;  // for stderr
};

using Command = std::variant<ServeCommand, HealthcheckCommand, ClockCommand, ShardsCommand,
                             TailCommand, ResetCommand, ExitCommand>;

// `arguments` without the program's name. Takes DynamoDB Local's own flags (-sharedDb and so on)
// as well as ours.
[[nodiscard]] Command ParseCommandLine(std::vector<std::string> arguments);

}  // namespace weir::server
