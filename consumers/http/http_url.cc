// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/http_url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/src.hpp>  // the library itself: Debian packages it apart from Boost's headers
#include <cctype>
#include <charconv>

namespace weir::consumers {
namespace {

namespace urls = boost::urls;

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kLongestName = 253;  // that DNS has

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
         });
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string HttpUrl::Target() const {
  return query.empty() ? path : path + '?' + query;
}

std::string HttpUrl::HostHeader() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  std::string text = is_v6 ? '[' + host + ']' : host;
  if (port != (secure ? kHttpsPort : kHttpPort)) {
    text.append(":").append(std::to_string(port));
  }
  return text;
}

std::string HttpUrl::Origin() const {
  return (secure ? "https://" : "http://") + HostHeader();
}

Result<HttpUrl, UrlFault> ParseHttpUrl(std::string_view text) {
  if (text.size() > kLongestUrl) {
    return UrlFault{"it is longer than " + std::to_string(kLongestUrl) + " characters"};
  }
  const auto parsed = urls::parse_uri({text.data(), text.size()});
  if (!parsed.has_value()) {
    return UrlFault{"it is not an absolute URL"};
  }
  const urls::url_view& view = *parsed;
  HttpUrl url;
  url.secure = view.scheme_id() == urls::scheme::https;
  if (!url.secure && view.scheme_id() != urls::scheme::http) {
    return UrlFault{"it begins with neither http:// nor https://"};
  }
  if (view.has_userinfo()) {
    return UrlFault{"it has a user name"};
  }
  if (view.has_fragment()) {
    return UrlFault{"it has a fragment"};
  }
  url.host = Lower(view.host_address());
  if (view.host_type() == urls::host_type::ipvfuture ||
      (view.host_type() == urls::host_type::name && !IsHostName(url.host)) || url.host.empty()) {
    return UrlFault{"it has no host that can be looked up"};
  }
  url.port = url.secure ? kHttpsPort : kHttpPort;
  if (view.has_port() && !view.port().empty()) {
    // Not by port_number, which takes 99999 for a smaller port.
    const std::string_view port = view.port();
    const char* const end = port.data() + port.size();
    const auto read = std::from_chars(port.data(), end, url.port);
    if (read.ec != std::errc() || read.ptr != end || url.port == 0) {
      return UrlFault{"its port is not from 1 to 65535"};
    }
  }
  url.path = std::string(view.encoded_path());
  if (url.path.empty()) {
    url.path = "/";
  }
  url.query = std::string(view.encoded_query());
  return url;
}

}  // namespace weir::consumers
