// SPDX-License-Identifier: Apache-2.0
// `weir shards`: the command-line half of /_weir/shards.
#pragma once

#include <string>

#include "cli/control_client.h"

namespace weir::cli {

struct ShardsCommand {
  ServerAddress target;
  std::string table;   // to list the shards of; its name, percent-encoded
  std::string change;  // the body of the POST; empty: the shards are only listed
};

// Prints a line for each shard: id, state, first and last hash, and `child of <id>` if it has a
// parent. Returns the exit code: 0, or 1 with the reason on stderr.
int RunShardsCommand(const ShardsCommand& command);

}  // namespace weir::cli
