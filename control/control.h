// SPDX-License-Identifier: Apache-2.0
// Weir's own endpoints, under /_weir/.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/timeline.h"
#include "protocol/http.h"

namespace weir::control {

inline constexpr std::string_view kControlContentType = "application/json";

// {"message": text}. What a service refuses behind an endpoint is told in that service's own form.
void AnswerFault(unsigned status, std::string_view text, protocol::HttpResponse& response);

// What is under one path.
struct ControlEndpoint {
  std::string_view path;     // of static storage, as are the others
  std::string_view methods;  // "GET, HEAD, POST"
  std::string_view purpose;  // for people, a line
  // Null if requests for it are answered before they come here.
  protocol::RequestHandler* handler = nullptr;
  bool has_paths_below = false;  // which have methods of their own
};

// Answers requests for /_weir/…, without authentication, and hands all others on. GET /_weir lists
// what there is. Thread-safe as far as `next` is, which must outlive it as `timeline` must.
class ControlEndpoints final : public protocol::RequestHandler {
 public:
  ControlEndpoints(std::string_view version, Timeline& timeline, protocol::RequestHandler& next);

  // Takes one up, before the first request. Its handler must outlive this.
  void Add(const ControlEndpoint& endpoint) { endpoints_.push_back(endpoint); }

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }

 private:
  class Health;
  // Null when there is none.
  [[nodiscard]] const ControlEndpoint* Find(std::string_view path) const;
  void List(protocol::HttpResponse& response) const;

  std::unique_ptr<protocol::RequestHandler> health_;
  std::unique_ptr<protocol::RequestHandler> clock_;
  std::vector<ControlEndpoint> endpoints_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::control
