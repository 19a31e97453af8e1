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
// The keeper answers there with lines, numbers in decimal:
//
//   process <process id>               before that process becomes the program
//   started <process id>               once it has
//   failed <errno>                     instead, and the last line: the program cannot be started
//   memory <MB>                        the most that one of the processes has taken, after their end
//   exited <status>, signaled <signal> the last line, after the program and its descendants are gone
//
// Each byte that it reads after the order is the number of a signal, which it sends to the program.
// The program's standard output and error are the keeper's, its standard input is empty.
//
// A keeper is two processes, the one that has been started and its child, which does the work: the
// first one ends what the program has started if the program, which runs as the same user, kills
// the second, its parent. One that seeks out and kills both escapes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
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

// How a program has ended.
struct ProgramEnd {
  enum class Kind : std::uint8_t {
    kExited,      // `number` is its status
    kSignaled,    // `number` is the signal
    kNotStarted,  // `number` is an errno
    kStopped,     // by its keeper's end, of which it was not told
  };
  Kind kind = Kind::kStopped;
  int number = 0;
  int memory_mb = 0;  // the most that one of the processes has taken; 0: unknown
};

// Reads a line of a keeper, without its newline, into what is known of its program.
struct KeptState {
  int process = 0;       // its id; 0: there is none yet
  bool started = false;  // the process has become the program
  ProgramEnd end;

  void Read(std::string_view line);
};

// The body of `weir keep-function`, which takes no arguments. Returns the status for the process to
// exit with: 0, or 1 if what it read is no order. To be called in a process with one thread, and
// with nothing open that is still needed but the standard streams: it closes all else.
int RunKeeper();

// Keeps a command that takes part in this process's terminal: it stays in the process group and the
// working folder, and has the standard streams and other files; the order's folder is not read, and
// the program is looked for in the PATH. To be called in a process that was forked for it, and
// exits then, with the keeper's side of `control`, to which no order is sent.
void KeepCommand(int control, KeeperOrder order);

}  // namespace weir::runtimes
