// SPDX-License-Identifier: Apache-2.0
// RuntimeApiServer: a port of this machine at which one process speaks the Runtime API.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "runtimes/runtime_api.h"

namespace weir::runtimes {

// Listens on 127.0.0.1. A request with an Origin, or a Host other than the port's own, comes from a
// web page, and is answered 403. Everything happens on the thread of `context`, except as said.
class RuntimeApiServer : public std::enable_shared_from_this<RuntimeApiServer> {
 public:
  // More connections than a runtime has any use for; further ones are closed.
  static constexpr std::size_t kMostConnections = 32;

  using Handle = std::function<void(ApiRequest request, ApiClientPtr client)>;

  // Opens a port, on any thread. Fails with a text for people. Requests are passed to the function
  // given to Start.
  static Result<std::shared_ptr<RuntimeApiServer>, std::string> Open(
      boost::asio::io_context& context);
  explicit RuntimeApiServer(boost::asio::io_context& context)
      : acceptor_(context), pause_(context) {}

  // "127.0.0.1:12345"
  [[nodiscard]] const std::string& address() const { return address_; }
  void Start(Handle handle);
  // Closes the port and all connections. No request is passed on afterwards.
  void Close();

 private:
  class Session;
  void Accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::string address_;
  Handle handle_;
  std::vector<std::weak_ptr<Session>> sessions_;
};

}  // namespace weir::runtimes
