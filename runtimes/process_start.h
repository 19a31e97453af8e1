// SPDX-License-Identifier: Apache-2.0
// What comes before a function's process runs, and takes time: its code, its folder, the choice of
// its interpreter, and its keeper.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "runtimes/environment.h"
#include "runtimes/function_spec.h"
#include "runtimes/interpreters.h"
#include "runtimes/keeper.h"
#include "runtimes/keeper_process.h"

namespace weir::runtimes {

struct ProcessStart {
  CodeFolderPtr code;  // for as long as the process runs
  KeeperProcess keeper;
  KeeperOrder order;
  std::string note;  // a line for the log; empty: none
};

// Why a process could not be started: the type and the message of an error of its function. Without
// a type, it is none: the function's code could not be had.
struct StartFault {
  std::string type;
  std::string message;
};

// Opens the code of a function with Placement::kProcess. Blocks. Fails with a text for people, also
// for want of memory.
Result<CodeFolderPtr, std::string> OpenCode(const FunctionSpec& function);

// Opens the code, makes the folder of `place`, whose `code` is not read, and starts a keeper by the
// command `keeper`. Blocks. Of all threads, one at a time may be in it.
Result<ProcessStart, StartFault> PrepareProcess(const FunctionSpec& function, ProcessPlace place,
                                                Interpreters& interpreters,
                                                const std::vector<std::string>& keeper);

}  // namespace weir::runtimes
