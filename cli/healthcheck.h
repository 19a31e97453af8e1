// SPDX-License-Identifier: Apache-2.0
// `weir healthcheck`: the client half of a container's health check.
#pragma once

#include <optional>

#include "cli/control_client.h"

namespace weir::cli {

struct HealthcheckCommand {
  ServerAddress target;
  std::optional<unsigned> process;  // asks the server of this process instead
};

// Asks for /_weir/health. 0 if the answer is 200 within two seconds, else 1 and the reason on
// stderr: the exit codes that Docker's HEALTHCHECK reads.
int Healthcheck(const HealthcheckCommand& command);

}  // namespace weir::cli
