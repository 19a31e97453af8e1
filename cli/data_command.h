// SPDX-License-Identifier: Apache-2.0
// `weir data`: looks at a data folder, and gets out of a damaged one what can be got.
#pragma once

#include <string>

namespace weir::cli {

struct DataCommand {
  std::string folder;
  std::string into;  // a new folder for what can be got; empty: the folder is only looked at
};

// Prints what the folder has, and what is wrong with it. Returns the process's exit code: 0, or 1
// if something is wrong with the folder, or it cannot be read or written, with a message on stderr.
// Who salvages gets 0 if what was there is in the new folder.
int RunDataCommand(const DataCommand& command);

}  // namespace weir::cli
