// SPDX-License-Identifier: Apache-2.0
// LocalStack's own endpoints, as far as health checks and test helpers ask them.
// https://docs.localstack.cloud/aws/configuration/networking/internal-endpoints/
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/http.h"

namespace weir::control {

// What LocalStack answers with the state of a fresh start; whoever resets must answer it.
inline constexpr std::string_view kLocalStackResetPath = "/_localstack/state/reset";

// Answers GET and HEAD requests for /_localstack/health and /_localstack/init as LocalStack does
// once it is ready, and other requests for /_localstack/… with 404. Passes all others to `next`,
// which must outlive it. Thread-safe if `next` is.
class LocalStackEndpoints final : public protocol::RequestHandler {
 public:
  // `services`: the names of those that run.
  LocalStackEndpoints(std::string_view version, const std::vector<std::string_view>& services,
                      protocol::RequestHandler& next);

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }
  void Drain() override { next_.Drain(); }

 private:
  const std::string health_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::control
