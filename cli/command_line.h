// SPDX-License-Identifier: Apache-2.0
// What `weir`'s arguments ask for.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/clock_command.h"
#include "cli/control_client.h"
#include "cli/reset_command.h"
#include "cli/service_options.h"
#include "cli/settings.h"
#include "cli/shards_command.h"
#include "cli/tail_command.h"
#include "server/options.h"

namespace weir::cli {

struct ServeCommand {
  server::ServerOptions server;
  ServiceOptions service;
  std::string config;  // the file that was read for what is here
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
// as well as ours. What they do not say of `weir serve` the environment may (cli/settings.h).
[[nodiscard]] Command ParseCommandLine(std::vector<std::string> arguments,
                                       const Environment& environment = {});

}  // namespace weir::cli
