// SPDX-License-Identifier: Apache-2.0
// The server's log, on stderr.
#pragma once

#include <string>

namespace weir::server {

// Has spdlog's default logger write to stderr, in colour if that is a terminal. Logging never waits
// for whoever reads stderr. Lines are escaped (core/text.h: Printable), since they contain texts of
// clients. `level` is one of spdlog's names.
void StartLog(const std::string& level);
// Writes the lines that still wait, for a quarter of a second at most, and ends the log.
void EndLog();

}  // namespace weir::server
