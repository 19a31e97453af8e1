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
  bool follow = false;  // go on after the end of the stream or of the server
  bool json = false;    // JSON lines, in a terminal, too
};

// Prints a line for each record until the stream ends. Into a terminal it prints what was done to
// which item, and what changed of it, in colour unless NO_COLOR is set; else the record as JSON, as
// GetRecords shows it, with its `shardId`. Returns the exit code: 0 at the stream's end, or 1 with
// the reason on stderr or when nobody reads the lines any more. With `follow` it goes on after the
// stream's end and after errors: it waits for a stream of the table, and reads that from its
// beginning.
int RunTailCommand(const TailCommand& command);

}  // namespace weir::cli
