// SPDX-License-Identifier: Apache-2.0
// What sessions log: answers of 500 and above as errors, of 400 and above at debug, bodies at
// trace only. One comparison a request when nothing is logged.
#pragma once

#include <string_view>

#include "protocol/http.h"

namespace weir::server {

void LogAnswer(const protocol::HttpRequest& request, const protocol::HttpResponse& response);

// The answer to what could not be read as a request.
void LogRefusal(const protocol::HttpResponse& response, std::string_view reason);

// Inside of a catch block: what was thrown while `request` was handled.
void LogException(const protocol::HttpRequest& request);

// A connection that ended by an exception of ours instead of by itself.
void LogLostSession(std::string_view what);

}  // namespace weir::server
