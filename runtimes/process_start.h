// SPDX-License-Identifier: Apache-2.0
// What comes before a function's process runs, and takes time: its folder, the choice of its
// interpreter, and its keeper.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "runtimes/function_spec.h"
#include "runtimes/interpreters.h"
#include "runtimes/keeper.h"
#include "runtimes/keeper_process.h"

namespace weir::runtimes {

struct ProcessStart {
  KeeperProcess keeper;
  KeeperOrder order;
  std::string note;  // a line for the log; empty: none
};

// Why a process could not be started: the type and the message of an error of its function.
struct StartFault {
  std::string type;
  std::string message;
};

// Makes `folder`, and starts a keeper by the command `keeper`. Blocks. Of all threads, one at a
// time may be in it.
Result<ProcessStart, StartFault> PrepareProcess(
    const FunctionSpec& function, const std::filesystem::path& folder,
    const std::map<std::string, std::string>& environment, Interpreters& interpreters,
    const std::vector<std::string>& keeper);

}  // namespace weir::runtimes
