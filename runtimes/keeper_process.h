// SPDX-License-Identifier: Apache-2.0
// A keeper (runtimes/keeper.h) as its parent sees it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "runtimes/file_descriptor.h"
#include "runtimes/keeper.h"

namespace weir::runtimes {

// A keeper that has been started and waits for its order. Whoever has it must wait for the process,
// which ends when `control` is closed.
struct KeeperProcess {
  pid_t id = -1;
  FileDescriptor control;  // a socket
  FileDescriptor output;   // what the program prints
  FileDescriptor errors;
};

// Starts a keeper with that command, with an empty environment. Fails with errno. Not thread-safe:
// a keeper that is started at the same time could get this one's files, until it closes them.
Result<KeeperProcess, int> StartKeeper(const std::vector<std::string>& command);

// Runs a program to its end and returns the start of what it printed; nullopt if it cannot be
// started, takes longer than `limit`, or does not exit with 0. Blocks. As StartKeeper.
std::optional<std::string> RunToEnd(const std::vector<std::string>& command,
                                    const KeeperOrder& order, std::chrono::milliseconds limit);

}  // namespace weir::runtimes
