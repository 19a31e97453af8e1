// SPDX-License-Identifier: Apache-2.0
// IP addresses as filters compare them, and ranges of them in CIDR notation.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "consumers/filter/fault.h"
#include "core/result.h"

namespace weir::consumers {

// Addresses of version 4 come before all of version 6.
struct IpAddress {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // four are used in version 4

  auto operator<=>(const IpAddress&) const = default;
};

struct IpRange {
  IpAddress first;
  IpAddress last;

  [[nodiscard]] bool Contains(const IpAddress& address) const {
    return first <= address && address <= last;
  }
};

// Four decimal numbers, which may have leading zeros, or an address of version 6 without dots.
// A mapped one (::ffff:a00:1) is the address of version 4, as in Java. nullopt for other text.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

// `10.0.0.0/24`, `2001:db8::/32`: what begins with the same bits as the address. Refuses ranges of
// a single address, as AWS does.
Result<IpRange, FilterFault> ParseCidr(std::string_view text);

}  // namespace weir::consumers
