// SPDX-License-Identifier: Apache-2.0
// Weir's own endpoints, under /_weir/.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/timeline.h"
#include "protocol/http.h"

namespace weir::control {

inline constexpr std::string_view kControlContentType = "application/json";

// Answers {"message": text}. If an endpoint uses a service and that refuses the request, the answer
// has the service's own form instead.
void AnswerFault(unsigned status, std::string_view text, protocol::HttpResponse& response);

// Answers 405 to a method that is none of `allowed`: "GET, HEAD, POST".
void AnswerMethodNotAllowed(std::string_view allowed, protocol::HttpResponse& response);

// The endpoint at one path.
struct ControlEndpoint {
  std::string_view path;     // in static storage, like the other two texts
  std::string_view methods;  // "GET, HEAD, POST"
  std::string_view purpose;  // for people, a line
  // nullptr if another handler answers the requests before ControlEndpoints sees them.
  protocol::RequestHandler* handler = nullptr;
  bool has_paths_below = false;  // if so, the handler checks the methods itself
};

// Answers requests for /_weir/…, without authentication, and passes all others to `next`. GET
// /_weir lists the endpoints. Thread-safe if `next` is. `next` and `timeline` must outlive it.
class ControlEndpoints final : public protocol::RequestHandler {
 public:
  ControlEndpoints(std::string_view version, Timeline& timeline, protocol::RequestHandler& next);
  ~ControlEndpoints() override;

  // Adds an endpoint, whose handler must outlive this. Not to be called after the first request.
  void Add(const ControlEndpoint& endpoint) { endpoints_.push_back(endpoint); }
  // Has `describe` append to the answer of /_weir/health?verbose: members of a JSON object, each
  // after a comma. Not to be called after the first request.
  void DescribeBy(std::function<void(std::string& members)> describe);

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }

 private:
  class Health;
  // nullptr if there is no endpoint for the path.
  [[nodiscard]] const ControlEndpoint* Find(std::string_view path) const;
  void List(protocol::HttpResponse& response) const;

  std::unique_ptr<Health> health_;
  std::unique_ptr<protocol::RequestHandler> clock_;
  std::vector<ControlEndpoint> endpoints_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::control
