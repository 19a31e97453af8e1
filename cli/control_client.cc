// SPDX-License-Identifier: Apache-2.0
#include "cli/control_client.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <exception>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "consumers/http/name_lookup.h"
#include "core/text.h"
#include "server/options.h"

namespace weir::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

// How much of an answer is read, whoever sends it. The body of the largest page of records is a few
// megabytes.
constexpr std::uint32_t kLongestHead = 16 * 1024;
constexpr std::uint64_t kLongestBody = std::uint64_t{64} << 20U;

// The longest name that DNS has.
constexpr std::size_t kLongestName = 253;

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
         });
}

std::variant<std::vector<asio::ip::tcp::endpoint>, consumers::LookupError> EndpointsOf(
    const ServerAddress& server, std::chrono::seconds timeout) {
  boost::system::error_code error;
  const auto numeric = asio::ip::make_address(server.address, error);
  if (!error) {
    return std::vector<asio::ip::tcp::endpoint>{{numeric, server.port}};
  }
  auto found = consumers::LookUp(server.address, timeout);
  if (auto* const failure = std::get_if<consumers::LookupError>(&found)) {
    return std::move(*failure);
  }
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (const asio::ip::address& address : std::get<std::vector<asio::ip::address>>(found)) {
    endpoints.emplace_back(address, server.port);
  }
  return endpoints;
}

// Connects to the first of the addresses that takes the connection. Each has its share of the time,
// since one of them may be silent. Throws boost::system::system_error.
asio::awaitable<void> Connect(beast::tcp_stream& stream,
                              const std::vector<asio::ip::tcp::endpoint>& addresses,
                              std::chrono::milliseconds timeout) {
  boost::system::error_code error = asio::error::host_not_found;
  for (const asio::ip::tcp::endpoint& address : addresses) {
    stream.expires_after(timeout / addresses.size());
    std::tie(error) = co_await stream.async_connect(address, asio::as_tuple(asio::use_awaitable));
    if (!error) {
      co_return;
    }
    stream.close();
  }
  throw boost::system::system_error(error);
}

// Throws boost::system::system_error.
asio::awaitable<http::response<http::string_body>> Exchange(
    std::vector<asio::ip::tcp::endpoint> server, ControlCall call) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  co_await Connect(stream, server, call.timeout);
  stream.expires_after(call.timeout);
  http::request<http::string_body> request(http::string_to_verb(call.method), call.path, 11);
  request.set(http::field::host, "weir");
  request.keep_alive(false);
  if (!call.body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = call.body;
    request.prepare_payload();
  }
  co_await http::async_write(stream, request, asio::use_awaitable);
  http::response_parser<http::string_body> parser;
  parser.header_limit(kLongestHead);
  parser.body_limit(kLongestBody);
  beast::flat_buffer buffer;
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  co_return parser.release();
}

std::string Explain(const boost::system::error_code& error) {
  if (error == http::error::body_limit) {
    return "the answer is too long";
  }
  return error.category() == http::make_error_code(http::error::end_of_stream).category()
             ? "the answer is not HTTP: " + error.message()
             : error.message();
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
  if (error && !IsHostName(target.address)) {
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
  const auto endpoints = EndpointsOf(server, call.timeout);
  if (const auto* const error = std::get_if<consumers::LookupError>(&endpoints)) {
    reply.error = "cannot look up " + server.address + ": " + error->text;
    return reply;
  }
  const auto take = [&](const std::exception_ptr& failure,
                        http::response<http::string_body> response) {
    if (failure) {
      std::rethrow_exception(failure);
    }
    reply.status = response.result_int();
    reply.body = std::move(response.body());
    if (!call.wanted_header.empty()) {
      reply.header = std::string(response[call.wanted_header]);
    }
  };
  try {
    asio::io_context context;
    asio::co_spawn(context,
                   Exchange(std::get<std::vector<asio::ip::tcp::endpoint>>(endpoints), call), take);
    context.run();
  } catch (const boost::system::system_error& failure) {
    reply.error = Explain(failure.code());
  }
  return reply;
}

int FailCommand(const std::string& reason) {
  std::fprintf(stderr, "weir: %s\n", Printable(reason).c_str());
  return 1;
}

Json ObjectIn(const ControlReply& reply) {
  Json answer = Json::parse(reply.body, nullptr, false);
  if (!answer.is_object()) {
    answer = Json::object();
  }
  return answer;  // not copied: a page of records may be several megabytes
}

std::string RefusalIn(const ControlReply& reply, const Json& answer) {
  const std::string message = TextOf(answer, "message");
  return message.empty() ? "HTTP status " + std::to_string(reply.status) : message;
}

std::string TextOf(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool IsTrue(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

}  // namespace weir::cli
