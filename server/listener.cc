// SPDX-License-Identifier: Apache-2.0
#include "server/listener.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <utility>

namespace weir::server {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;
using Tcp = asio::ip::tcp;

// How often to try with port 0: the port that the kernel picks for the first address may be taken
// at another.
constexpr int kPortAttempts = 20;

std::string Text(const Tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const bool bracketed = endpoint.address().is_v6();
  return (bracketed ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

Error Open(Acceptor& acceptor, const Tcp::endpoint& endpoint) {
  Error error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    // So that a server can start while connections of the last one linger in TIME_WAIT.
    acceptor.set_option(Acceptor::reuse_address(true), error);
  }
  if (!error && endpoint.address().is_v6()) {
    // So that 0.0.0.0 and :: can be bound side by side.
    acceptor.set_option(asio::ip::v6_only(true), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(Acceptor::max_listen_connections, error);
  }
  if (!error) {
    acceptor.non_blocking(true, error);
  }
  return error;
}

bool NoSuchAddressFamily(const Error& error) {
  return error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

struct Attempt {
  std::vector<Acceptor> acceptors;
  Error error;  // of the address that failed
  Tcp::endpoint failed;
};

Attempt ListenOnce(asio::io_context& io, const std::vector<asio::ip::address>& addresses,
                   std::uint16_t port, bool by_default) {
  Attempt attempt;
  for (const asio::ip::address& address : addresses) {
    Acceptor acceptor(io);
    const Tcp::endpoint endpoint(address, port);
    const Error error = Open(acceptor, endpoint);
    if (error && by_default && address.is_v6() && NoSuchAddressFamily(error)) {
      continue;
    }
    if (error) {
      attempt.error = error;
      attempt.failed = endpoint;
      return attempt;
    }
    port = acceptor.local_endpoint().port();
    attempt.acceptors.push_back(std::move(acceptor));
  }
  return attempt;
}

ListenError Explain(const Attempt& attempt) {
  std::string text = "cannot listen on " + Text(attempt.failed) + ": " + attempt.error.message();
  if (attempt.error == asio::error::address_in_use) {
    text += " (another server has this port; choose one with --port, or any free one by --port 0)";
  }
  return {.text = std::move(text)};
}

}  // namespace

std::variant<std::vector<Acceptor>, ListenError> Listen(asio::io_context& io,
                                                        const ServerOptions& options) {
  const bool by_default = options.bind.empty();
  std::vector<asio::ip::address> addresses;
  if (by_default) {
    // Both, because what "localhost" resolves to differs between clients.
    addresses = {asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
  }
  for (const std::string& text : options.bind) {
    Error error;
    addresses.push_back(asio::ip::make_address(text, error));
    if (error) {
      return ListenError{.text = "'" + text + "' is not an IP address"};
    }
  }
  for (int attempt_number = 1;; ++attempt_number) {
    Attempt attempt = ListenOnce(io, addresses, options.port, by_default);
    if (!attempt.error) {
      return std::move(attempt.acceptors);
    }
    const bool again = options.port == 0 && !attempt.acceptors.empty() &&
                       attempt.error == asio::error::address_in_use;
    if (!again || attempt_number == kPortAttempts) {
      return Explain(attempt);
    }
  }
}

}  // namespace weir::server
