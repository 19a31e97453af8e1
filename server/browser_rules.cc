// SPDX-License-Identifier: Apache-2.0
#include "server/browser_rules.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <utility>

#include "control/control_path.h"
#include "core/text.h"

namespace weir::server {
namespace {

// A host as it stands in a Host header or an origin.
struct Authority {
  std::string_view host;  // without brackets and without a final dot
  std::string_view port;
};

// nullopt if the text is not `host[:port]`.
std::optional<Authority> ParseAuthority(std::string_view text) {
  Authority authority;
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    authority.host = text.substr(1, end - 1);
    ++end;
  } else {
    end = std::min(text.find(':'), text.size());
    authority.host = text.substr(0, end);
    if (authority.host.ends_with('.')) {
      authority.host.remove_suffix(1);
    }
  }
  const std::string_view rest = text.substr(end);
  if (!rest.empty()) {
    authority.port = rest.substr(1);
    if (rest.front() != ':' ||
        authority.port.find_first_not_of("0123456789") != std::string_view::npos) {
      return std::nullopt;
    }
  }
  constexpr std::string_view kForbidden = "/\\@?#%[] \t";
  const bool sound =
      !authority.host.empty() && authority.host.find_first_of(kForbidden) == std::string_view::npos;
  return sound ? std::optional(authority) : std::nullopt;
}

struct ParsedOrigin {
  std::string_view scheme;
  Authority authority;
};

// nullopt for "null", and for origins that are not http or https, such as a browser extension's.
std::optional<ParsedOrigin> ParseOrigin(std::string_view origin) {
  for (const std::string_view scheme : {"http", "https"}) {
    const std::string_view rest = origin.substr(std::min(scheme.size(), origin.size()));
    constexpr std::string_view kSeparator = "://";
    if (origin.starts_with(scheme) && rest.starts_with(kSeparator)) {
      const std::optional<Authority> authority = ParseAuthority(rest.substr(kSeparator.size()));
      return authority.has_value() ? std::optional(ParsedOrigin{scheme, *authority}) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<boost::asio::ip::address> AddressOf(std::string_view host) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(host), error);
  return error ? std::nullopt : std::optional(address);
}

bool EndsWithIgnoringCase(std::string_view text, std::string_view end) {
  return text.size() > end.size() && EqualsIgnoreCase(text.substr(text.size() - end.size()), end);
}

bool IsLoopback(std::string_view host) {
  if (const auto address = AddressOf(host)) {
    return address->is_loopback() || address->is_unspecified();
  }
  return EqualsIgnoreCase(host, "localhost") || EndsWithIgnoringCase(host, ".localhost");
}

// Whether `pattern`, a value of --allow-host, lets the name in.
bool Matches(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with("*.")) {
    return EndsWithIgnoringCase(name, pattern.substr(1));
  }
  return pattern == "*" || EqualsIgnoreCase(pattern, name);
}

std::string_view PortOf(const ParsedOrigin& origin) {
  if (!origin.authority.port.empty()) {
    return origin.authority.port;
  }
  return origin.scheme == "https" ? "443" : "80";
}

// Whether a page of that origin came from the server that the Host header names. A proxy before
// Weir may have removed TLS, so the scheme is not compared.
bool IsSameServer(const ParsedOrigin& origin, const Authority& host) {
  const std::string_view port = PortOf(origin);
  const bool same_port = host.port.empty() ? port == "80" || port == "443" : host.port == port;
  return same_port && EqualsIgnoreCase(origin.authority.host, host.host);
}

bool Reads(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

// Whether the answer says only that the server is there. With a query or a signature, GET / may be
// an operation of some service.
bool IsHealthText(const protocol::HttpRequest& request) {
  return (request.path() == control::kHealthPath && request.query() != control::kVerboseQuery) ||
         (request.target() == "/" && request.header("Authorization").empty());
}

// Whether a browser sends a page's request of this content type only after a preflight:
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
bool NeedsPreflight(std::string_view content_type) {
  return EqualsIgnoreCase(protocol::MediaType(content_type), "application/json");
}

}  // namespace

bool BrowserRules::AllowsHost(std::string_view host) const {
  if (host.empty()) {
    return true;  // missing only in HTTP/1.0, which browsers do not speak
  }
  const std::optional<Authority> authority = ParseAuthority(host);
  if (!authority.has_value()) {
    return false;
  }
  const std::string_view name = authority->host;
  // Names that are reserved (RFC 6761, RFC 8375, and by ICANN `internal`) or Kubernetes' own.
  constexpr std::array<std::string_view, 6> kPrivate = {
      ".localhost", ".internal", ".svc.cluster.local", ".svc", ".test", ".home.arpa"};
  return AddressOf(name).has_value() || name.find('.') == std::string_view::npos ||
         std::any_of(kPrivate.begin(), kPrivate.end(),
                     [&](auto end) { return EndsWithIgnoringCase(name, end); }) ||
         std::any_of(options_.hosts.begin(), options_.hosts.end(),
                     [&](const auto& pattern) { return Matches(pattern, name); });
}

bool BrowserRules::AllowsOrigin(std::string_view origin, std::string_view host) const {
  const std::optional<ParsedOrigin> parsed = ParseOrigin(origin);
  const auto allows = [&](const std::string& given) {
    return given == "*" || EqualsIgnoreCase(given, origin) ||
           (parsed.has_value() && EqualsIgnoreCase(given, parsed->authority.host));
  };
  if (std::any_of(options_.origins.begin(), options_.origins.end(), allows)) {
    return true;
  }
  if (!parsed.has_value()) {
    return false;
  }
  const std::optional<Authority> server = ParseAuthority(host);
  return IsLoopback(parsed->authority.host) ||
         (server.has_value() && IsSameServer(*parsed, *server) && AllowsHost(host));
}

std::optional<std::string> BrowserRules::Refusal(const protocol::HttpRequest& request) const {
  const std::string_view origin = request.header("Origin");
  const std::string_view host = request.header("Host");
  const std::string_view path = request.path();
  if (!origin.empty() && !AllowsOrigin(origin, host)) {
    return "Pages of another origin than this machine's may not use this server; the flag "
           "--allow-origin lets one in. This request's Origin is " +
           Printable(origin);
  }
  if (Reads(request.method()) && !IsHealthText(request)) {
    if (!AllowsHost(host)) {
      return "Under a name that is not this machine's own, a web page could reach this server; the "
             "flag --allow-host lets a name in. This request's Host is " +
             Printable(host);
    }
    // A page can't read what its <img> or <object> loads from another site, but it learns whether
    // the load succeeded.
    if (origin.empty() && request.header("Sec-Fetch-Site") == "cross-site") {
      return "Pages of another site may not ask for this";
    }
  }
  if (!origin.empty() && request.method() == "POST" && control::IsControlPath(path) &&
      !NeedsPreflight(request.header("Content-Type"))) {
    return "A request of a page (with an Origin) for a control endpoint must have the content type "
           "application/json";
  }
  return std::nullopt;
}

}  // namespace weir::server
