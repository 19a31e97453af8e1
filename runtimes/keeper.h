// SPDX-License-Identifier: Apache-2.0
// The keeper: a process between Weir and one program of a function. It starts the program, and ends
// it with all that it has started once the program exits or Weir does, however Weir ends: the end
// of Weir closes the keeper's standard input. On Linux it becomes the parent of every descendant
// whose own parent has ended, so it also finds those that left the program's process group.
// Elsewhere it ends the process group alone.
//
// Weir writes one order to the keeper's standard input, a socket, and keeps it open:
//
//   order := length text*       length := 8 hex digits, the size of what follows
//   text  := bytes NUL          in this order: folder, number of arguments, arguments, environment
//
// The keeper answers there, once: `failed <errno>\n` if the program could not be started, else,
// after the program and its descendants are gone, `exited <status>\n` or `signaled <signal>\n`. As
// soon as the program has been started, it also writes `started <process id>\n`. The program's
// standard output and error are the keeper's, its standard input is empty.
#pragma once

#include <string>
#include <vector>

namespace weir::runtimes {

// What a keeper starts.
struct KeeperOrder {
  std::string folder;                    // the program's working directory
  std::vector<std::string> arguments;    // the program's path, and its arguments
  std::vector<std::string> environment;  // NAME=value, all of it
};

// The order as it is sent.
std::string EncodeOrder(const KeeperOrder& order);

// The body of `weir keep-function`, which takes no arguments. Returns the status for the process to
// exit with: 0, or 1 if what it read is no order. To be called in a process with one thread, and
// with nothing open that is still needed but the standard streams: it closes all else.
int RunKeeper();

}  // namespace weir::runtimes
