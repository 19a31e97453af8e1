// SPDX-License-Identifier: Apache-2.0
#include "server/access_log.h"

#include <spdlog/spdlog.h>

#include <boost/exception/diagnostic_information.hpp>

namespace weir::server {

void LogAnswer(const protocol::HttpRequest& request, const protocol::HttpResponse& response) {
  const auto level = response.status >= 500   ? spdlog::level::err
                     : response.status >= 400 ? spdlog::level::debug
                                              : spdlog::level::trace;
  if (!spdlog::should_log(level)) {
    return;
  }
  spdlog::log(level, "{} {} {} -> {} {}", request.method(), request.target(),
              request.header("X-Amz-Target"), response.status, response.request_id);
  spdlog::trace("{} request: {}", response.request_id, request.body());
  spdlog::trace("{} answer: {}", response.request_id, response.body);
}

void LogRefusal(const protocol::HttpResponse& response, std::string_view reason) {
  spdlog::debug("refused: {} -> {} {}", reason, response.status, response.request_id);
}

void LogException(const protocol::HttpRequest& request) {
  spdlog::error("{} {} {} failed: {}", request.method(), request.target(),
                request.header("X-Amz-Target"),
                boost::current_exception_diagnostic_information(/*verbose=*/false));
}

void LogLostSession(std::string_view what) {
  spdlog::error("a connection was lost: {}", what);
}

}  // namespace weir::server
