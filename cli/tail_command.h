// SPDX-License-Identifier: Apache-2.0
// `weir tail`: the records of a table's stream as they happen; the client half of /_weir/records.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct TailCommand {
  ServerAddress target;
  std::string stream_or_table;  // an ARN, or a table's name
  std::string start = "LATEST";
  bool follow = false;  // beyond the stream's end, and that of the server
  bool json = false;    // JSON lines also in a terminal
};

// Prints a line for each record until the stream ends, for ever otherwise: into a terminal what was
// done, to which item and what changed of it, in colour; else the record as JSON, as GetRecords
// shows it and with its `shardId`. Returns the exit code: 0 at the stream's end, or 1 with the
// reason on stderr. A command that follows goes on with the next stream of the table instead, from
// its beginning, once there is one, and with what a server that starts again has.
int RunTailCommand(const TailCommand& command);

}  // namespace weir::cli
