// SPDX-License-Identifier: Apache-2.0
// Connection: one to a server, with or without TLS; ConnectionPool: those that wait for their next
// request.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "consumers/http/tls_trust.h"

namespace weir::consumers {

// Not thread-safe.
class Connection {
 public:
  // Not connected yet. Without `tls`, a plain one.
  Connection(boost::asio::io_context& io, boost::asio::ssl::context* tls);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] boost::beast::tcp_stream& tcp();
  [[nodiscard]] TlsStream* tls() { return std::get_if<TlsStream>(&stream_); }
  // Calls `use` with the stream that HTTP is spoken on.
  template <class Use>
  auto With(Use use) {
    return std::visit(std::move(use), stream_);
  }

  // Whether the other side has neither closed a connection that is waiting nor sent anything that
  // it was not asked for, so that a request can be sent.
  [[nodiscard]] bool IsQuiet();

 private:
  std::variant<boost::beast::tcp_stream, TlsStream> stream_;
};
using ConnectionPtr = std::unique_ptr<Connection>;

// To be used on the io_context's thread alone.
class ConnectionPool {
 public:
  struct Limits {
    std::size_t all = 64;
    std::size_t per_origin = 8;
    // Servers close such connections, too, and a request that is on its way by then is lost. So
    // this is less than the 5 s of Node.js, the shortest that is usual:
    // https://nodejs.org/api/http.html#serverkeepalivetimeout
    std::chrono::milliseconds idle{4'000};
  };

  ConnectionPool(boost::asio::io_context& io, const Limits& limits) : limits_(limits), sweep_(io) {}
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // The connection to `origin` that was used last, if one is still open; else nullptr.
  [[nodiscard]] ConnectionPtr Take(const std::string& origin);
  // Keeps a connection, in place of the one that has waited longest if there are too many.
  void Keep(std::string origin, ConnectionPtr connection);
  // Closes all, and those that are given to it later.
  void Close();

 private:
  struct Kept {
    std::string origin;
    ConnectionPtr connection;
    std::chrono::steady_clock::time_point until;
  };
  // Closes those that have waited for too long, and has itself called when the next one will have.
  void Sweep();

  const Limits limits_;
  std::list<Kept> kept_;  // the one that has waited longest comes first
  bool closed_ = false;
  bool sweeping_ = false;
  boost::asio::steady_timer sweep_;
};

}  // namespace weir::consumers
