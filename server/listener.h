// SPDX-License-Identifier: Apache-2.0
// The listening sockets.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "server/options.h"

namespace weir::server {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;

// Why the server can't listen: a sentence for the user.
struct ListenError {
  std::string text;
};

// Listens on all addresses of `options`, with the same port, or on the defaults if `options` has
// none; then a machine without ::1 is not an error. Returns at least one acceptor; all are
// non-blocking.
[[nodiscard]] std::variant<std::vector<Acceptor>, ListenError> Listen(boost::asio::io_context& io,
                                                                      const ServerOptions& options);

}  // namespace weir::server
