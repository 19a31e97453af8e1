// SPDX-License-Identifier: Apache-2.0
// `weir logs`: what a function has logged, by /_weir/functions/<name>/logs.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct LogsCommand {
  ServerAddress target;
  std::string function;
  std::string since;  // a time, or a span that ends at the present of the server; empty: all lines
  bool follow = false;
};

// Prints each event with its time. Without `follow` returns when it has printed all that are there.
// With it goes on until its output is closed; while the server is gone, it waits. Returns the exit
// code: 0, or 1 with the reason on stderr.
int RunLogsCommand(const LogsCommand& command);

// An event of the server's answer as it is printed: its time and its message, which may have
// several lines. Empty if it is none.
std::string LogEventText(const Json& event);

}  // namespace weir::cli
