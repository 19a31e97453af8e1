// SPDX-License-Identifier: Apache-2.0
// Weir's own endpoints, under /_weir/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/clock_endpoint.h"
#include "core/timeline.h"
#include "protocol/http.h"

namespace weir::control {

inline constexpr std::string_view kControlContentType = "application/json";

// {"message": text}, as all faults of control endpoints are told.
void AnswerFault(unsigned status, std::string_view text, protocol::HttpResponse& response);

// Answers requests for /_weir/…, without authentication, and hands all others on. Thread-safe as
// far as `next` is, which must outlive it as `timeline` must.
class ControlEndpoints final : public protocol::RequestHandler {
 public:
  ControlEndpoints(std::string_view version, Timeline& timeline, protocol::RequestHandler& next);

  // Hands requests for `path` (of static storage) to `handler`, which must outlive this. Before the
  // first request.
  void Add(std::string_view path, protocol::RequestHandler& handler) {
    endpoints_.push_back({path, &handler, false});
  }
  // The same, also for what lies below the path.
  void AddTree(std::string_view path, protocol::RequestHandler& handler) {
    endpoints_.push_back({path, &handler, true});
  }

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }

 private:
  struct Endpoint {
    std::string_view path;
    protocol::RequestHandler* handler = nullptr;
    bool has_paths_below = false;
  };
  // Null when there is none.
  [[nodiscard]] protocol::RequestHandler* Find(std::string_view path) const;

  std::string health_;
  ClockEndpoint clock_;
  std::vector<Endpoint> endpoints_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::control
