// SPDX-License-Identifier: Apache-2.0
// The HTTP server, from when it listens until its last answer is sent.
#pragma once

#include <string_view>

#include "protocol/http.h"
#include "server/options.h"

namespace weir::server {

// Serves `handler` until SIGINT or SIGTERM, or the end of standard input if the options say so;
// then drains: it accepts no more connections, answers the requests under way, closes idle
// connections, and shortly before the drain timeout cuts the others. If it is not done by the drain
// timeout, the process ends with 0; a second signal ends it at once. When it is ready to answer, it
// prints this line, and then the banner of `options`, on stdout:
//   weir <version> ready on http://<address>:<port>
// Returns the process's exit code: 0, or 1 with a message on stderr if it can't listen or the limit
// on open files leaves none for connections. Throws std::system_error if there are no threads for
// the workers.
//
// At the cap on connections, further ones wait (WaitingRoom) until a connection ends.
int Serve(const ServerOptions& options, std::string_view version,
          protocol::RequestHandler& handler);

}  // namespace weir::server
