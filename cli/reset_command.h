// SPDX-License-Identifier: Apache-2.0
// `weir reset`: brings a running server back to the state of a fresh start.
#pragma once

#include "cli/control_client.h"

namespace weir::cli {

struct ResetCommand {
  ServerAddress target;
};

// Returns the process's exit code: 0, or 1 with a message on stderr.
int RunResetCommand(const ResetCommand& command);

}  // namespace weir::cli
