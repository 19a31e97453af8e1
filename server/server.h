// SPDX-License-Identifier: Apache-2.0
// The HTTP server, from listening to its last answer.
#pragma once

#include <string_view>

#include "protocol/http.h"
#include "server/options.h"

namespace weir::server {

// Serves `handler` until SIGINT or SIGTERM, then drains: no new connections, requests under way
// are answered, idle connections closed, and what is left after the drain timeout is cut. A second
// signal ends the process at once. Once it answers, prints the one line
//   weir <version> ready on http://<address>:<port>
// on stdout. Returns the process's exit code: 0, or 1 with a message on stderr if it can't listen.
//
// At the cap on connections no more are accepted: clients wait in the kernel's (bounded) listen
// queues until a connection ends.
int Serve(const ServerOptions& options, std::string_view version,
          protocol::RequestHandler& handler);

}  // namespace weir::server
