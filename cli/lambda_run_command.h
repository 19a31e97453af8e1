// SPDX-License-Identifier: Apache-2.0
// `weir lambda run`: a command of one's own, under a debugger perhaps, takes the invocations of a
// function in place of processes that the server starts.
#pragma once

#include <string>
#include <vector>

#include "cli/control_client.h"

namespace weir::cli {

struct LambdaRunCommand {
  ServerAddress target;
  std::string function;
  std::vector<std::string> watched;  // files and folders; the command starts again if one changes
  std::vector<std::string> command;  // the program and its arguments
};

// Attaches a process to the function, by /_weir/functions/<name>/runtime, and runs the command in
// it: with AWS_LAMBDA_RUNTIME_API and what else the server says in its environment. Starts it again
// when it ends, and when a watched file changes. Waits for the server while that is gone, and
// attaches again once it is back.
//
// Ends by SIGINT or SIGTERM, which the command gets, too, and detaches. Returns the exit code: 128
// and the signal, or 1 with the reason on stderr. To be called before there is another thread.
int RunLambdaRunCommand(const LambdaRunCommand& command);

}  // namespace weir::cli
