// SPDX-License-Identifier: Apache-2.0
// BrowserGate: stands between web pages and everything that answers requests.
#pragma once

#include "protocol/http.h"
#include "server/browser_rules.h"

namespace weir::server {

// Refuses with 403 what BrowserRules refuse. Answers CORS preflights of pages that are let in, and
// adds CORS headers to the other answers for such pages. All other requests and answers pass
// unchanged. Thread-safe if `next` is, which must outlive the gate.
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
