// SPDX-License-Identifier: Apache-2.0
// What `weir`'s arguments ask for.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/clock_command.h"
#include "cli/data_command.h"
#include "cli/dlq_command.h"
#include "cli/healthcheck.h"
#include "cli/lambda_run_command.h"
#include "cli/logs_command.h"
#include "cli/reset_command.h"
#include "cli/serve_flags.h"
#include "cli/settings.h"
#include "cli/shards_command.h"
#include "cli/tail_command.h"
#include "cli/triggers_command.h"

namespace weir::cli {

// There is nothing to do but to print help, the version or an error, and to exit.
struct ExitCommand {
  int code = 0;
  std::string out;    // for stdout
  std::string error;  // for stderr
};

using Command = std::variant<ServeCommand, HealthcheckCommand, ClockCommand, ShardsCommand,
                             TailCommand, LambdaRunCommand, LogsCommand, TriggersCommand,
                             DlqCommand, ResetCommand, DataCommand, ExitCommand>;

// Parses `arguments`, which lack the program's name. Takes DynamoDB Local's flags (-sharedDb and so
// on) as well as our own. Flags of `weir serve` that are missing may come from the environment
// (cli/settings.h); so may the port at which the other subcommands look for a server.
[[nodiscard]] Command ParseCommandLine(std::vector<std::string> arguments,
                                       const Environment& environment = {});

}  // namespace weir::cli
