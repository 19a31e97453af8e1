// SPDX-License-Identifier: Apache-2.0
// The server's log, on stderr.
#pragma once

#include <string>

namespace weir::server {

// Has spdlog's default logger write to stderr without ever waiting for whoever reads that, in
// colour if it is a terminal. What a line says is escaped (core/text.h: Printable), since clients
// have a say in it. `level` is one of spdlog's names.
void StartLog(const std::string& level);
// Writes what waits, if that takes no more than a moment.
void EndLog();

}  // namespace weir::server
