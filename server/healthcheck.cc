// SPDX-License-Identifier: Apache-2.0
#include "server/healthcheck.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "server/options.h"

namespace weir::server {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kTimeout{2};

int Fail(const std::string& reason) {
  std::fprintf(stderr, "weir: not healthy: %s\n", reason.c_str());
  return 1;
}

}  // namespace

std::optional<HealthTarget> ParseHealthTarget(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.starts_with(kScheme)) {
    text.remove_prefix(kScheme.size());
  }
  if (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  HealthTarget target{.address = {}, .port = kDefaultPort};
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) {
      return std::nullopt;
    }
    target.address = text.substr(1, close - 1);
    port = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    target.address = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (target.address == "localhost") {
    target.address = "127.0.0.1";
  }
  boost::system::error_code error;
  asio::ip::make_address(target.address, error);
  if (error) {
    return std::nullopt;
  }
  if (!port.empty()) {
    const char* end = port.data() + port.size();
    const auto parsed = std::from_chars(port.data() + 1, end, target.port);
    if (port.front() != ':' || parsed.ec != std::errc() || parsed.ptr != end || target.port == 0) {
      return std::nullopt;
    }
  }
  return target;
}

int Healthcheck(const HealthTarget& target) {
  boost::system::error_code error;
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(target.address, error),
                                         target.port);
  asio::ip::tcp::iostream stream;
  stream.expires_after(kTimeout);
  stream.connect(endpoint);
  if (!stream) {
    return Fail(stream.error().message());
  }
  stream << "GET /_weir/health HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n\r\n" << std::flush;
  std::string version;
  unsigned status = 0;
  stream >> version >> status;
  if (!stream) {
    return Fail(stream.error() ? stream.error().message() : "the answer is not HTTP");
  }
  return status == 200 ? 0 : Fail("HTTP status " + std::to_string(status));
}

}  // namespace weir::server
