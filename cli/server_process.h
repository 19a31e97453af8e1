// SPDX-License-Identifier: Apache-2.0
// Finds a server by its process, as a container's health check does: whatever port the container
// was told to serve, the check of its image asks there.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/control_client.h"
#include "cli/settings.h"

namespace weir::cli {

struct NoServer {
  std::string reason;
};

// Where the server of a process listens that was started by `command_line`, with its program's
// name, in `environment`. What comes before an argument whose file name is `weir` or `java` is
// passed over: in a container, process 1 may be one that starts the real one (`docker run --init`).
[[nodiscard]] std::variant<ServerAddress, NoServer> AddressOf(
    const std::vector<std::string>& command_line, const Environment& environment);

// Where the server listens that runs as this process of this machine or container. Makes the
// working directory of that process that of this one.
[[nodiscard]] std::variant<ServerAddress, NoServer> AddressOfProcess(unsigned process);

}  // namespace weir::cli
