// SPDX-License-Identifier: Apache-2.0
// The yardstick of bench/compare: a plain Beast server on one thread, with
// http::request<string_body> and callbacks. It answers each request with a constant that has the
// size of a small GetItem answer and the headers that Weir sends. Its cost is the cost of HTTP
// without any database.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

constexpr std::chrono::seconds kTimeout{30};

// 153 bytes.
constexpr const char* kBody =
    R"({"Item":{"pk":{"S":"key-000000000017"},"name":{"S":"a name of some length"},)"
    R"("count":{"N":"12345"},"active":{"BOOL":true},"note":{"S":"nothing in here"}}})";

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(Tcp::socket&& socket) : stream_(std::move(socket)) {}

  void Read() {
    request_ = {};
    stream_.expires_after(kTimeout);
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t /*size*/) {
                       if (!error) {
                         self->Write();
                       }
                     });
  }

 private:
  void Write() {
    response_ = {};
    response_.result(http::status::ok);
    response_.version(request_.version());
    response_.keep_alive(request_.keep_alive());
    response_.set(http::field::server, "Weir");
    response_.set(http::field::date, "Sun, 06 Nov 1994 08:49:37 GMT");
    response_.set(http::field::content_type, "application/x-amz-json-1.0");
    response_.set("x-amzn-RequestId", "0000000000000000000000000PVV4KQNSO5AEMVJF66Q9ASUAAJG");
    response_.set("x-amz-crc32", "883897029");
    response_.body() = kBody;
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](beast::error_code error, std::size_t /*size*/) {
                        if (!error && self->response_.keep_alive()) {
                          self->Read();
                        }
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void Accept(Tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](beast::error_code error, Tcp::socket socket) {
    if (!error) {
      beast::error_code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      std::make_shared<Session>(std::move(socket))->Read();
      Accept(acceptor);
    }
  });
}

// Serves on a free port of 127.0.0.1, which it prints as Weir does, until SIGINT or SIGTERM.
int Serve() {
  asio::io_context io(1);
  Tcp::acceptor acceptor(io, Tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&io](beast::error_code /*error*/, int /*signal*/) { io.stop(); });
  Accept(acceptor);
  std::printf("constant ready on http://127.0.0.1:%d\n", int{acceptor.local_endpoint().port()});
  std::fflush(stdout);
  io.run();
  return EXIT_SUCCESS;
}

}  // namespace

int main() {
  try {
    return Serve();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "constant: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
