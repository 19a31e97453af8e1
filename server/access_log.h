// SPDX-License-Identifier: Apache-2.0
// What the log says of requests. None of these throws: that a line is missing must not cost more.
#pragma once

#include <exception>
#include <string_view>

#include "protocol/http.h"

namespace weir::server {

// A line for an answer: of 500 and above as an error, of 400 and above at debug, the bodies at
// trace only. One comparison a request when nothing is logged.
void LogAnswer(const protocol::HttpRequest& request, const protocol::HttpResponse& response);

// A request that was no HTTP or too large; `reason` is for people.
void LogRefusal(const protocol::HttpResponse& response, std::string_view reason);

// The exception being handled, which ended a request.
void LogException(const protocol::HttpRequest& request);

// An exception that ended a connection: the one being handled, or another.
void LogLostSession();
void LogLostSession(const std::exception_ptr& exception);

// A request for an AWS service that is not here. Both as the request spells them, printable.
void LogUnserved(std::string_view service, std::string_view operation);

// The system has no thread to give.
void LogNoThread(std::string_view what);

}  // namespace weir::server
