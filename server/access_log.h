// SPDX-License-Identifier: Apache-2.0
// What the log says about requests. None of these functions throws: a line that cannot be written
// is only missing.
#pragma once

#include <exception>
#include <string_view>

#include "protocol/http.h"

namespace weir::server {

// Logs an answer: statuses from 500 on (but 501) as errors, other statuses from 400 on at debug,
// the rest, and all bodies, at trace. Costs one comparison per request if nothing is logged.
void LogAnswer(const protocol::HttpRequest& request, const protocol::HttpResponse& response);

// Logs a request that was not HTTP, or too large; `reason` is for people.
void LogRefusal(const protocol::HttpResponse& response, std::string_view reason);

// Logs the exception being handled, which ended a request.
void LogException(const protocol::HttpRequest& request);

// Log an exception that ended a connection: the one being handled, or `exception`.
void LogLostSession();
void LogLostSession(const std::exception_ptr& exception);

// Logs a request for an AWS service that Weir does not have. Both names are as the request spells
// them, made printable.
void LogUnserved(std::string_view service, std::string_view operation);

// Logs that the system refused to start a thread, and why.
void LogNoThread(std::string_view what);

}  // namespace weir::server
