// SPDX-License-Identifier: Apache-2.0
// Which requests come from web pages.
#pragma once

#include <string_view>

#include "protocol/http.h"

namespace weir::protocol {

// Whether a browser sent the request for a page, and not for an address that its user typed. With a
// POST, and with each request whose answer a page may read, browsers send the page's Origin. With
// what an <img>, <script> or <iframe> asks for they send none, but they say which site the page is
// from (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header). SDKs send neither.
//
// For what no page may use, not even one of this machine: it runs programs, or tells what they did.
[[nodiscard]] inline bool IsFromPage(const HttpRequest& request) {
  const std::string_view site = request.header("Sec-Fetch-Site");
  return !request.header("Origin").empty() || (!site.empty() && site != "none");
}

}  // namespace weir::protocol
