// SPDX-License-Identifier: Apache-2.0
// BrowserGate: what stands between web pages and everything that answers them.
#pragma once

#include "protocol/http.h"
#include "server/browser_rules.h"

namespace weir::server {

// Refuses with 403 what BrowserRules does, and adds CORS to what pages that are let in ask for; all
// other requests pass untouched. Thread-safe as far as `next` is, which must outlive it.
class BrowserGate final : public protocol::RequestHandler {
 public:
  BrowserGate(BrowserRuleOptions options, protocol::RequestHandler& next)
      : rules_(std::move(options)), next_(next) {}

  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void WriteError(const ApiError& error, protocol::HttpResponse& response) override {
    next_.WriteError(error, response);
  }
  void Drain() override { next_.Drain(); }

 private:
  const BrowserRules rules_;
  protocol::RequestHandler& next_;
};

}  // namespace weir::server
