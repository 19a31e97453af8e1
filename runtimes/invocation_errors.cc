// SPDX-License-Identifier: Apache-2.0
#include "runtimes/invocation_errors.h"

#include <signal.h>

namespace weir::runtimes {
namespace {

// As Go, in which AWS's host of functions is written, names them.
std::string SignalName(int signal) {
  switch (signal) {
    case SIGHUP:
      return "hangup";
    case SIGINT:
      return "interrupt";
    case SIGQUIT:
      return "quit";
    case SIGILL:
      return "illegal instruction";
    case SIGTRAP:
      return "trace/breakpoint trap";
    case SIGABRT:
      return "aborted";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "floating point exception";
    case SIGKILL:
      return "killed";
    case SIGSEGV:
      return "segmentation fault";
    case SIGPIPE:
      return "broken pipe";
    case SIGALRM:
      return "alarm clock";
    case SIGTERM:
      return "terminated";
    default:
      return "signal " + std::to_string(signal);
  }
}

}  // namespace

std::string ExitMessage(const ProgramEnd& end) {
  if (end.kind == ProgramEnd::Kind::kSignaled) {
    return "Runtime exited with error: signal: " + SignalName(end.number);
  }
  if (end.kind == ProgramEnd::Kind::kExited && end.number != 0) {
    return "Runtime exited with error: exit status " + std::to_string(end.number);
  }
  return "Runtime exited without providing a reason";
}

std::string TimeoutMessage(int timeout_s) {
  return "Task timed out after " + std::to_string(timeout_s) + ".00 seconds";
}

}  // namespace weir::runtimes
