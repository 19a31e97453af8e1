// SPDX-License-Identifier: Apache-2.0
// Joins the services to the server.
#pragma once

#include <memory>
#include <string_view>

#include "cli/service_options.h"
#include "protocol/http.h"

namespace weir::cli {

// Makes a handler for all requests, those for control endpoints included. It has a new, empty
// database of its own, which runs on the machine's clock.
std::unique_ptr<protocol::RequestHandler> MakeHandler(const ServiceOptions& options,
                                                      std::string_view version);

}  // namespace weir::cli
