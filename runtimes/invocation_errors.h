// SPDX-License-Identifier: Apache-2.0
// Errors of an invocation that the function does not report itself, in AWS's words.
#pragma once

#include <string>
#include <string_view>

#include "runtimes/keeper.h"

namespace weir::runtimes {

inline constexpr std::string_view kExitError = "Runtime.ExitError";
inline constexpr std::string_view kInvalidEntrypoint = "Runtime.InvalidEntrypoint";
inline constexpr std::string_view kTimedOut = "Sandbox.Timedout";

// "Runtime exited with error: exit status 1", for a program that has been started.
std::string ExitMessage(const ProgramEnd& end);

// "Task timed out after 3.00 seconds"
std::string TimeoutMessage(int timeout_s);

}  // namespace weir::runtimes
