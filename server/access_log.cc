// SPDX-License-Identifier: Apache-2.0
#include "server/access_log.h"

#include <spdlog/spdlog.h>

#include <boost/exception/diagnostic_information.hpp>

namespace weir::server {
namespace {

// Logging throws if there is no memory for the line, which is then missing.
template <class Write>
void Quietly(const Write& write) {
  try {
    write();
  } catch (const std::exception&) {
    return;
  }
}

}  // namespace

void LogAnswer(const protocol::HttpRequest& request, const protocol::HttpResponse& response) {
  constexpr unsigned kNotImplemented = 501;  // the client's doing, not ours
  const bool ours = response.status >= 500 && response.status != kNotImplemented;
  const auto level = ours                     ? spdlog::level::err
                     : response.status >= 400 ? spdlog::level::debug
                                              : spdlog::level::trace;
  if (!spdlog::should_log(level)) {
    return;
  }
  Quietly([&] {
    spdlog::log(level, "{} {} {} -> {} {}", request.method(), request.target(),
                request.header("X-Amz-Target"), response.status, response.request_id);
    spdlog::trace("{} request: {}", response.request_id, request.body());
    spdlog::trace("{} answer: {}", response.request_id, response.body);
  });
}

void LogRefusal(const protocol::HttpResponse& response, std::string_view reason) {
  Quietly(
      [&] { spdlog::debug("refused: {} -> {} {}", reason, response.status, response.request_id); });
}

void LogException(const protocol::HttpRequest& request) {
  Quietly([&] {
    spdlog::error("{} {} {} failed: {}", request.method(), request.target(),
                  request.header("X-Amz-Target"),
                  boost::current_exception_diagnostic_information(/*verbose=*/false));
  });
}

void LogLostSession() {
  Quietly([] {
    spdlog::error("a connection was lost: {}",
                  boost::current_exception_diagnostic_information(/*verbose=*/false));
  });
}

void LogLostSession(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (...) {  // makes it the exception being handled
    LogLostSession();
  }
}

void LogUnserved(std::string_view service, std::string_view operation) {
  Quietly([&] {
    spdlog::warn("a request for {} ({}), which Weir does not serve; logged once per service",
                 service, operation);
  });
}

void LogNoThread(std::string_view what) {
  Quietly([&] { spdlog::warn("no more threads can be started: {}", what); });
}

}  // namespace weir::server
