// SPDX-License-Identifier: Apache-2.0
#include "consumers/filter/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>

namespace weir::consumers {
namespace {

constexpr std::size_t kV4Bytes = 4;
constexpr std::size_t kV6Bytes = 16;
constexpr std::size_t kGroups = 8;

// Reads `text`, digits of the base alone, as a number up to `max`.
std::optional<unsigned> ReadNumber(std::string_view text, int base, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || value > max) {
    return std::nullopt;
  }
  return value;
}

std::optional<IpAddress> ParseV4(std::string_view text) {
  IpAddress address;
  for (std::size_t i = 0; i < kV4Bytes; ++i) {
    const std::size_t end = i + 1 < kV4Bytes ? text.find('.') : text.size();
    const auto part = end <= text.size() ? ReadNumber(text.substr(0, end), 10, 255) : std::nullopt;
    if (!part) {
      return std::nullopt;
    }
    address.bytes[i] = static_cast<std::uint8_t>(*part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return address;
}

// Groups of up to four hexadecimal digits between colons.
struct Groups {
  std::array<unsigned, kGroups> values{};
  std::size_t count = 0;
};

std::optional<Groups> ReadGroups(std::string_view text) {
  Groups groups;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    const auto value = part.size() <= 4 ? ReadNumber(part, 16, 0xFFFF) : std::nullopt;
    if (!value || groups.count == kGroups || colon + 1 == text.size()) {
      return std::nullopt;
    }
    groups.values[groups.count++] = *value;
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
  }
  return groups;
}

std::optional<IpAddress> ParseV6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool has_gap = gap != std::string_view::npos;
  const auto left = ReadGroups(text.substr(0, gap));
  const auto right = has_gap ? ReadGroups(text.substr(gap + 2)) : Groups();
  if (!left || !right) {
    return std::nullopt;
  }
  const std::size_t given = left->count + right->count;
  if (has_gap ? given >= kGroups : given != kGroups) {
    return std::nullopt;
  }
  IpAddress address{.is_v6 = true, .bytes = {}};
  const auto put = [&address](std::size_t group, unsigned value) {
    address.bytes[2 * group] = static_cast<std::uint8_t>(value >> 8);
    address.bytes[2 * group + 1] = static_cast<std::uint8_t>(value & 0xFF);
  };
  for (std::size_t i = 0; i < left->count; ++i) {
    put(i, left->values[i]);
  }
  for (std::size_t i = 0; i < right->count; ++i) {
    put(kGroups - right->count + i, right->values[i]);
  }
  return address;
}

// The address of version 4 that a mapped address (::ffff:0:0/96) is, or the address itself.
IpAddress Unmapped(const IpAddress& address) {
  constexpr std::size_t kMarker = kV6Bytes - kV4Bytes - 2;
  const auto& bytes = address.bytes;
  const bool mapped = std::all_of(bytes.begin(), bytes.begin() + kMarker,
                                  [](std::uint8_t byte) { return byte == 0; }) &&
                      bytes[kMarker] == 0xFF && bytes[kMarker + 1] == 0xFF;
  if (!mapped) {
    return address;
  }
  IpAddress v4;
  std::copy(bytes.end() - kV4Bytes, bytes.end(), v4.bytes.begin());
  return v4;
}

}  // namespace

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    return ParseV4(text);
  }
  const auto address = ParseV6(text);
  return address ? std::optional(Unmapped(*address)) : std::nullopt;
}

Result<IpRange, FilterFault> ParseCidr(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size() ||
      text.find('/', slash + 1) != std::string_view::npos) {
    return FilterFault{"Malformed CIDR, one '/' required"};
  }
  int bits = 0;
  const auto [end, error] =
      std::from_chars(text.data() + slash + 1, text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size()) {
    return FilterFault{"Malformed CIDR, mask bits must be an integer"};
  }
  if (bits < 0) {
    return FilterFault{"Malformed CIDR, mask bits must not be negative"};
  }
  const std::optional<IpAddress> address = ParseIpAddress(text.substr(0, slash));
  if (!address) {
    return FilterFault{"Nonstandard IP address: " + std::string(text.substr(0, slash))};
  }
  const int width = address->is_v6 ? 128 : 32;
  if (bits >= width) {
    return FilterFault{address->is_v6 ? "IPv6 mask bits must be < 128"
                                      : "IPv4 mask bits must be < 32"};
  }
  IpRange range{*address, *address};
  for (int i = bits; i < width; ++i) {
    const auto byte = static_cast<std::size_t>(i / 8);
    const unsigned bit = 0x80U >> (i % 8);
    range.first.bytes[byte] = static_cast<std::uint8_t>(range.first.bytes[byte] & ~bit);
    range.last.bytes[byte] = static_cast<std::uint8_t>(range.last.bytes[byte] | bit);
  }
  return range;
}

}  // namespace weir::consumers
