// SPDX-License-Identifier: Apache-2.0
#include "runtimes/runtime_api_server.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/system.h"

namespace weir::runtimes {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMostHeader = std::size_t{64} << 10U;
constexpr std::size_t kPart = std::size_t{64} << 10U;  // of a body, read at once
// Of a body that is too long, so much is read and dropped, so that its sender sees the answer. Then
// the connection is closed.
constexpr std::uint64_t kMostBody = std::uint64_t{64} << 20U;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// Whether what was read is not HTTP.
bool IsFault(const error_code& error) {
  return error.category() == error_code(http::error::end_of_stream).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

// As a header may hold it: on one line.
void AppendValue(std::string_view value, std::string& out) {
  constexpr unsigned char kFirstPrintable = 0x20;
  constexpr unsigned char kDelete = 0x7F;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < kFirstPrintable || byte == kDelete ? ' ' : c;
  }
}

std::string HeadOf(const ApiAnswer& answer, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  head += http::obsolete_reason(static_cast<http::status>(answer.status));
  head += "\r\nContent-Type: application/json\r\n";
  for (const ApiHeader& header : answer.headers) {
    head.append(header.name).append(": ");
    AppendValue(header.value, head);
    head += "\r\n";
  }
  head += "Content-Length: " + std::to_string(answer.body.size());
  head += keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return head;
}

}  // namespace

// A connection. It reads a request, and the next one once that is answered.
class RuntimeApiServer::Session final : public ApiClient,
                                        public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<RuntimeApiServer> server)
      : socket_(std::move(socket)), server_(std::move(server)) {}

  void Read();
  void Close() {
    error_code ignored;
    socket_.close(ignored);
  }
  void Answer(ApiAnswer answer) override;
  [[nodiscard]] bool connected() const override {
    return socket_.is_open() && !system::IsEnded(const_cast<tcp::socket&>(socket_).native_handle());
  }

 private:
  using Parser = http::request_parser<http::buffer_body>;

  void OnHeader();
  [[nodiscard]] bool IsFromPage() const;
  void ReadBody();
  void OnBody(const error_code& error);
  void Pass();

  tcp::socket socket_;
  const std::shared_ptr<RuntimeApiServer> server_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;  // of the request that is read, or answered
  std::array<char, kPart> part_{};
  ApiRequest request_;
  std::string head_;
  ApiAnswer answer_;
  bool keep_alive_ = false;
};

void RuntimeApiServer::Session::Read() {
  parser_.emplace();
  parser_->header_limit(kMostHeader);
  parser_->body_limit(boost::none);  // OnBody counts, so that a long one is answered
  request_ = {};
  http::async_read_header(socket_, buffer_, *parser_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (!error) {
                              self->OnHeader();
                            } else if (IsFault(error)) {
                              self->keep_alive_ = false;
                              self->Answer({.status = 400, .headers = {}, .body = "Bad Request\n"});
                            }
                          });
}

bool RuntimeApiServer::Session::IsFromPage() const {
  const auto& header = parser_->get();
  const std::string_view host = header[http::field::host];
  const std::string& address = server_->address_;
  const std::string by_name = "localhost" + address.substr(address.find(':'));
  // What an <img> or <script> loads comes without an Origin.
  return header.count(http::field::origin) != 0 || header.count("Sec-Fetch-Site") != 0 ||
         (host != address && host != by_name);
}

void RuntimeApiServer::Session::OnHeader() {
  const auto& header = parser_->get();
  keep_alive_ = header.keep_alive();
  if (IsFromPage()) {
    keep_alive_ = false;
    Answer({.status = 403,
            .headers = {},
            .body = ErrorDocument("Forbidden",
                                  "The Runtime API is not for web pages: the Host must "
                                  "be its own address, and there must be no Origin.")});
    return;
  }
  request_.method = header.method_string();
  request_.path = header.target();
  request_.response_mode = header["Lambda-Runtime-Function-Response-Mode"];
  if (header[http::field::expect] == "100-continue") {
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (!error) {
                          self->ReadBody();
                        }
                      });
    return;
  }
  ReadBody();
}

void RuntimeApiServer::Session::ReadBody() {
  if (parser_->is_done()) {
    Pass();
    return;
  }
  parser_->get().body().data = part_.data();
  parser_->get().body().size = part_.size();
  http::async_read_some(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, std::size_t) { self->OnBody(error); });
}

void RuntimeApiServer::Session::OnBody(const error_code& error) {
  if (error && error != http::error::need_buffer) {
    return;
  }
  const std::size_t size = part_.size() - parser_->get().body().size;
  request_.body_size += size;
  request_.body.append(part_.data(), std::min(size, kMostPayload - request_.body.size()));
  if (request_.body_size > kMostBody) {
    keep_alive_ = false;
    Pass();
    return;
  }
  ReadBody();
}

void RuntimeApiServer::Session::Pass() {
  // Beast adds the fields after the end of a chunked body to those of the header.
  const auto& header = parser_->get();
  if (request_.response_mode == "streaming") {
    request_.late_error_type = header["Lambda-Runtime-Function-Error-Type"];
    request_.late_error_body = header["Lambda-Runtime-Function-Error-Body"];
  }
  if (server_->handle_) {
    // A copy, as the handler may close the server.
    const Handle handle = server_->handle_;
    handle(std::move(request_), shared_from_this());
  }
}

void RuntimeApiServer::Session::Answer(ApiAnswer answer) {
  head_ = HeadOf(answer, keep_alive_);
  answer_ = std::move(answer);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head_), asio::buffer(answer_.body)};
  asio::async_write(socket_, parts,
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (error) {
                        return;
                      }
                      if (self->keep_alive_) {
                        self->Read();
                      } else {
                        error_code ignored;
                        self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
                      }
                    });
}

Result<std::shared_ptr<RuntimeApiServer>, std::string> RuntimeApiServer::Open(
    asio::io_context& context) {
  auto server = std::make_shared<RuntimeApiServer>(context);
  error_code error;
  const tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
  tcp::acceptor& acceptor = server->acceptor_;
  if (acceptor.open(any.protocol(), error) || acceptor.bind(any, error) ||
      acceptor.listen(static_cast<int>(kMostConnections), error)) {
    return error.message();
  }
  server->address_ = "127.0.0.1:" + std::to_string(acceptor.local_endpoint(error).port());
  return server;
}

void RuntimeApiServer::Start(Handle handle) {
  handle_ = std::move(handle);
  Accept();
}

void RuntimeApiServer::Accept() {
  if (!acceptor_.is_open()) {
    return;
  }
  acceptor_.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
    if (!self->acceptor_.is_open()) {
      return;
    }
    if (error) {
      // There is no file for the connection now, which waits.
      constexpr std::chrono::milliseconds kPause{100};
      self->pause_.expires_after(kPause);
      self->pause_.async_wait([self](const error_code&) { self->Accept(); });
      return;
    }
    auto& sessions = self->sessions_;
    sessions.erase(std::remove_if(sessions.begin(), sessions.end(),
                                  [](const auto& session) { return session.expired(); }),
                   sessions.end());
    if (sessions.size() < kMostConnections) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto session = std::make_shared<Session>(std::move(socket), self);
      sessions.push_back(session);
      session->Read();
    }
    self->Accept();
  });
}

void RuntimeApiServer::Close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  handle_ = nullptr;
  for (const auto& weak : std::exchange(sessions_, {})) {
    if (const std::shared_ptr<Session> session = weak.lock()) {
      session->Close();
    }
  }
}

}  // namespace weir::runtimes
