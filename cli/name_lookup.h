// SPDX-License-Identifier: Apache-2.0
// The addresses of a host name: of /etc/hosts, and of the name servers of /etc/resolv.conf. Not by
// the C library: in a static binary that loads whatever modules the machine's nsswitch.conf names,
// which were made for another version of it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace weir::cli {

struct LookupError {
  std::string text;
};

// The best address comes first; there is at least one. Waits for name servers for no longer than
// `timeout` in all. Not to be called by two threads at once for the first time.
[[nodiscard]] std::variant<std::vector<boost::asio::ip::address>, LookupError> LookUp(
    const std::string& name, std::chrono::milliseconds timeout);

}  // namespace weir::cli
