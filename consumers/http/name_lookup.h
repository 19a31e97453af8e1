// SPDX-License-Identifier: Apache-2.0
// The addresses of a host name: of /etc/hosts, and of the name servers of /etc/resolv.conf. Not by
// the C library: in a static binary that loads whatever modules the machine's nsswitch.conf names,
// which were made for another version of it.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace weir::consumers {

struct LookupError {
  std::string text;
};
using LookupResult = std::variant<std::vector<boost::asio::ip::address>, LookupError>;

// The best address comes first; there is at least one. Waits for name servers for no longer than
// `timeout` in all, and not much longer once `*cancelled`, if given, is set. Thread-safe.
[[nodiscard]] LookupResult LookUp(const std::string& name, std::chrono::milliseconds timeout,
                                  const std::atomic<bool>* cancelled = nullptr);

}  // namespace weir::consumers
