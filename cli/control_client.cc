// SPDX-License-Identifier: Apache-2.0
#include "cli/control_client.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <cstdio>
#include <iomanip>
#include <istream>

#include "core/text.h"
#include "server/options.h"

namespace weir::cli {
namespace {

namespace asio = boost::asio;

// The most bytes that are read of an answer, whoever sends it: of a word of the status line, of the
// headers together, and of the body. The largest page of records has a few megabytes.
constexpr int kLongestWord = 16;
constexpr std::size_t kLongestHead = std::size_t{16} * 1024;
constexpr std::size_t kLongestBody = std::size_t{64} << 20U;

// Reads up to and including the empty line after the headers; false if there is none within
// kLongestHead bytes.
bool SkipHeaders(std::istream& stream) {
  std::size_t line = 0;
  for (std::size_t read = 0; read < kLongestHead; ++read) {
    const int c = stream.get();
    if (c == std::istream::traits_type::eof()) {
      return false;
    }
    if (c == '\n') {
      if (line == 0) {
        return true;
      }
      line = 0;
    } else if (c != '\r') {
      ++line;
    }
  }
  return false;
}

}  // namespace

std::optional<ServerAddress> ParseServerAddress(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.starts_with(kScheme)) {
    text.remove_prefix(kScheme.size());
  }
  if (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  ServerAddress target{.address = {}, .port = server::kDefaultPort};
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

ControlReply CallControl(const ServerAddress& server, const ControlCall& call) {
  ControlReply reply;
  boost::system::error_code error;
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(server.address, error),
                                         server.port);
  asio::ip::tcp::iostream stream;
  stream.expires_after(call.timeout);
  stream.connect(endpoint);
  if (!stream) {
    reply.error = stream.error().message();
    return reply;
  }
  stream << call.method << ' ' << call.path << " HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n";
  if (!call.body.empty()) {
    stream << "Content-Type: application/json\r\nContent-Length: " << call.body.size() << "\r\n";
  }
  stream << "\r\n" << call.body << std::flush;
  std::string version;
  stream >> std::setw(kLongestWord) >> version >> reply.status;
  if (!stream || !version.starts_with("HTTP/1.")) {
    reply.error = stream.error() ? stream.error().message() : "the answer is not HTTP";
    return reply;
  }
  if (!SkipHeaders(stream)) {
    reply.error = "the answer is not HTTP";
    return reply;
  }
  std::array<char, 4096> piece{};
  while (stream.read(piece.data(), piece.size()), stream.gcount() > 0) {
    reply.body.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
    if (reply.body.size() > kLongestBody) {
      reply.error = "the answer is too long";
      return reply;
    }
  }
  if (stream.error() && stream.error() != asio::error::eof) {
    reply.error = stream.error().message();
  }
  return reply;
}

int FailCommand(const std::string& reason) {
  std::fprintf(stderr, "weir: %s\n", Printable(reason).c_str());
  return 1;
}

std::string MemberText(const protocol::JsonNode& object, std::string_view member) {
  const std::optional<protocol::JsonNode> node =
      object.kind() == protocol::JsonKind::kObject ? object.Find(member) : std::nullopt;
  return node.has_value() ? Printable(node->text()) : std::string();
}

}  // namespace weir::cli
