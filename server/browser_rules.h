// SPDX-License-Identifier: Apache-2.0
// BrowserRules: which requests a web page may have sent, and which of them are carried out.
//
// Weir asks for no password, so whatever reaches it may do anything. A browser reaches it on
// behalf of every page that its user opens, and says so:
//
//   - with each POST, and with each request that another site's page reads, it sends the page's
//     Origin (https://fetch.spec.whatwg.org/#origin-header); SDKs never do;
//   - with a GET of a page from the same site it sends none, but the Host that the page came from,
//     whose owner may have it point to this machine by then (DNS rebinding).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/http.h"

namespace weir::server {

struct BrowserRuleOptions {
  // As --allow-origin has them: an origin ("https://app.example"), a host name for all schemes and
  // ports, "null", or "*".
  std::vector<std::string> origins;
  // As --allow-host has them: a name, "*.example" for all names below one, or "*".
  std::vector<std::string> hosts;
};

// Immutable, so threads may share it.
class BrowserRules {
 public:
  explicit BrowserRules(BrowserRuleOptions options) : options_(std::move(options)) {}

  // Why the request is not carried out, in words for whoever reads the answer; none if it is.
  [[nodiscard]] std::optional<std::string> Refusal(const protocol::HttpRequest& request) const;

  // On this machine, given by a flag, or the server itself under a name that is nobody else's.
  [[nodiscard]] bool AllowsOrigin(std::string_view origin, std::string_view host) const;
  // Whether a Host header names an address, or a name that nobody can own: one without a dot, or
  // below localhost, internal, svc.cluster.local, svc, test or home.arpa; or one that a flag gives.
  [[nodiscard]] bool AllowsHost(std::string_view host) const;

 private:
  BrowserRuleOptions options_;
};

}  // namespace weir::server
