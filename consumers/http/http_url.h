// SPDX-License-Identifier: Apache-2.0
// HttpUrl: the parts of a URL that a client needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace weir::consumers {

// The longest URL that is taken.
constexpr std::size_t kLongestUrl = 8192;

struct HttpUrl {
  bool secure = false;     // https
  std::string host;        // a name in lower case, or an address; IPv6 without its brackets
  std::uint16_t port = 0;  // never 0 in a URL that was parsed
  std::string path;        // percent-encoded; begins with a slash
  std::string query;       // percent-encoded, without the question mark

  // What goes into the request: the path, and the query if there is one.
  [[nodiscard]] std::string Target() const;
  // The Host header: the port only if it is not the scheme's own.
  [[nodiscard]] std::string HostHeader() const;
  // Where a connection leads: scheme, host and port.
  [[nodiscard]] std::string Origin() const;
};

struct UrlFault {
  std::string text;  // what is wrong, as "it has no host"
};

// Reads an absolute http or https URL. A fragment or a user name in it is a fault: it would not
// be sent.
[[nodiscard]] Result<HttpUrl, UrlFault> ParseHttpUrl(std::string_view text);

}  // namespace weir::consumers
