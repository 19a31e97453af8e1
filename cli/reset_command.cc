// SPDX-License-Identifier: Apache-2.0
#include "cli/reset_command.h"

#include <string>

namespace weir::cli {

int RunResetCommand(const ResetCommand& command) {
  const ControlReply reply =
      CallControl(command.target, {.method = "POST", .path = "/_weir/reset", .body = "{}"});
  if (!reply.error.empty()) {
    return FailCommand("no answer: " + reply.error);
  }
  return reply.status == 200 ? 0 : FailCommand("HTTP status " + std::to_string(reply.status));
}

}  // namespace weir::cli
