// SPDX-License-Identifier: Apache-2.0
// What is started for a function, by its runtime.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "runtimes/function_spec.h"
#include "runtimes/interpreters.h"

namespace weir::runtimes {

struct Program {
  std::vector<std::string> arguments;  // with the program's path
  // A file that `arguments` name and that must first be written into the process's folder; empty:
  // none.
  std::string bootstrap_name;
  std::string_view bootstrap;  // in static storage
  std::string note;            // a line for the log; empty: none
};

// Why there is no program for a function: the message of Runtime.InvalidEntrypoint.
struct NoProgram {
  std::string message;
};

// `code` is the folder with the function's code, `folder` the process's own. Blocks, for it may
// have to ask an interpreter for its version.
Result<Program, NoProgram> ProgramOf(const FunctionSpec& function,
                                     const std::filesystem::path& code, const std::string& folder,
                                     Interpreters& interpreters);

// AWS's message for a program that cannot be executed, by errno. It names a function's own
// bootstrap by its path on AWS.
std::string CannotExecute(const FunctionSpec& function, const std::string& program, int error);

}  // namespace weir::runtimes
