// SPDX-License-Identifier: Apache-2.0
// ScriptedServer: a server for tests of HTTP clients, whose answers the test writes byte by byte.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace weir::testing {

// Thread-safe.
class ScriptedServer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  // Has a connection, on a thread of its own. `number` is 0 for the first connection.
  using Script = std::function<void(Socket& socket, int number)>;

  explicit ScriptedServer(Script script)
      : script_(std::move(script)),
        acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        endpoint_(acceptor_.local_endpoint()),
        thread_([this] {
          Accept();
          io_.run();
        }) {}
  ~ScriptedServer() {
    io_.stop();
    thread_.join();
    boost::system::error_code ignored;
    {
      const std::lock_guard lock(mutex_);
      for (Connection& connection : connections_) {
        connection.socket.shutdown(Socket::shutdown_both, ignored);
      }
    }
    for (Connection& connection : connections_) {
      connection.thread.join();
    }
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] unsigned short port() const { return endpoint_.port(); }
  [[nodiscard]] std::string Url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string(path);
  }
  [[nodiscard]] int connections() {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(connections_.size());
  }

  // Reads a request; nullopt once the connection is closed.
  static std::optional<Request> Read(Socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::beast::http::request_parser<boost::beast::http::string_body> parser;
    parser.body_limit(boost::none);
    boost::system::error_code error;
    boost::beast::http::read(socket, buffer, parser, error);
    return error ? std::nullopt : std::optional(parser.release());
  }
  static void Write(Socket& socket, std::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
  }
  // Waits until the other side closes the connection.
  static void AwaitClose(Socket& socket) {
    char byte = 0;
    boost::system::error_code error;
    while (!error) {
      socket.receive(boost::asio::buffer(&byte, 1), 0, error);
    }
  }

 private:
  struct Connection {
    Socket socket;
    std::thread thread;
  };

  void Accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Socket socket) {
      if (!error) {
        Begin(std::move(socket));
        Accept();
      }
    });
  }

  void Begin(Socket socket) {
    const std::lock_guard lock(mutex_);
    const int number = static_cast<int>(connections_.size());
    Connection& connection = connections_.emplace_back(Connection{std::move(socket), {}});
    connection.thread = std::thread([this, &connection, number] {
      script_(connection.socket, number);
      const std::lock_guard closing(mutex_);
      boost::system::error_code ignored;
      connection.socket.shutdown(Socket::shutdown_both, ignored);
    });
  }

  const Script script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  const boost::asio::ip::tcp::endpoint endpoint_;
  std::mutex mutex_;
  std::list<Connection> connections_;
  std::thread thread_;  // last: it uses all members above
};

// An answer with a length.
inline std::string Answer(std::string_view body, std::string_view status = "200 OK",
                          std::string_view headers = {}) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace weir::testing
