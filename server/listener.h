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

// Listens on all addresses of `options` with the same port. Acceptors come back non-blocking, at
// least one of them. Where no address is asked for, ::1 may be missing on the machine.
[[nodiscard]] std::variant<std::vector<Acceptor>, ListenError> Listen(boost::asio::io_context& io,
                                                                      const ServerOptions& options);

}  // namespace weir::server
