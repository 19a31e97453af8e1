// SPDX-License-Identifier: Apache-2.0
// `weir shards`: the command-line half of /_weir/shards.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct ShardsCommand {
  ServerAddress target;
  std::string table;   // the name of the table whose shards are listed, percent-encoded
  std::string change;  // the body of the POST; empty: the shards are only listed
};

// Changes or lists the shards. Prints a line for each that the server answers with: id, state,
// first and last hash, and `child of <id>` if it has a parent. Returns the exit code: 0, or 1 with
// the reason on stderr.
int RunShardsCommand(const ShardsCommand& command);

}  // namespace weir::cli
