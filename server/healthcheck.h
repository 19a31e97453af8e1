// SPDX-License-Identifier: Apache-2.0
// `weir healthcheck`: the client half of a container's health check.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::server {

// A server's numeric address.
struct HealthTarget {
  std::string address;
  std::uint16_t port = 0;
};

// Reads `[http://]host[:port][/]`, where host is an IP address (IPv6 in brackets) or localhost,
// which stands for 127.0.0.1: no names are looked up. Empty when it is something else.
[[nodiscard]] std::optional<HealthTarget> ParseHealthTarget(std::string_view text);

// Asks for /_weir/health. 0 if the answer is 200 within two seconds, else 1 and the reason on
// stderr: the exit codes that Docker's HEALTHCHECK reads.
int Healthcheck(const HealthTarget& target);

}  // namespace weir::server
