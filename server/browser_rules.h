// SPDX-License-Identifier: Apache-2.0
// BrowserRules: which requests may come from a web page, and which of those are carried out.
//
// Weir asks for no password, so whoever reaches it may do anything. A browser reaches it on behalf
// of every page that its user opens. Its requests show that:
//
//   - with each POST, and with each request that another site's page reads, it sends the page's
//     Origin (https://fetch.spec.whatwg.org/#origin-header); SDKs never do;
//   - with a GET that a page sends to the host it came from, it sends no Origin. Its Host header is
//     then the page's host name, whose owner may have made it point to this machine since (DNS
//     rebinding).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/http.h"

namespace weir::server {

struct BrowserRuleOptions {
  // Values of --allow-origin: an origin ("https://app.example"), a host name for all schemes and
  // ports, "null", or "*".
  std::vector<std::string> origins;
  // Values of --allow-host: a name, "*.example" for all names below one, or "*".
  std::vector<std::string> hosts;
};

// Immutable, so threads may share it.
class BrowserRules {
 public:
  explicit BrowserRules(BrowserRuleOptions options) : options_(std::move(options)) {}

  // Why the request is not carried out, in words for whoever reads the answer; nullopt if it is to
  // be carried out.
  [[nodiscard]] std::optional<std::string> Refusal(const protocol::HttpRequest& request) const;

  // Whether pages of `origin` are let in: those served by this machine, those that a flag lets in,
  // and those that came from the server itself, by the Host header `host` and if AllowsHost(host).
  [[nodiscard]] bool AllowsOrigin(std::string_view origin, std::string_view host) const;
  // Whether a Host header is empty, an address, a name that a flag lets in, or a name that nobody
  // can own on the internet: one without a dot, or below localhost, internal, svc.cluster.local,
  // svc, test or home.arpa.
  [[nodiscard]] bool AllowsHost(std::string_view host) const;

 private:
  BrowserRuleOptions options_;
};

}  // namespace weir::server
