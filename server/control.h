// SPDX-License-Identifier: Apache-2.0
// Weir's own endpoints, under /_weir/.
#pragma once

#include <string>
#include <string_view>

#include "protocol/http.h"

namespace weir::server {

// Answers requests for /_weir/…, without authentication, and hands all others on. Thread-safe as
// far as `next` is, which must outlive it.
class ControlEndpoints final : public protocol::RequestHandler {
 public:
  ControlEndpoints(std::string_view version, protocol::RequestHandler& next);

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

 private:
  std::string health_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::server
