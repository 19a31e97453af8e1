// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/address_rules.h"

#include <algorithm>
#include <array>

namespace weir::consumers {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t kV4InV6 = 12;  // where an IPv4 address begins in an IPv6 address that has one

bool IsLinkLocal(const ip::address_v4& address) {
  constexpr unsigned kMask = 0xFFFF0000;
  constexpr unsigned kNetwork = 0xA9FE0000;  // 169.254.0.0
  return (address.to_uint() & kMask) == kNetwork;
}

// Whether an IPv4 address is reached by the IPv6 address: ::ffff:0:0/96, and 64:ff9b::/96 where
// there is a NAT64 (https://www.rfc-editor.org/rfc/rfc6052#section-2.1).
bool HasV4(const ip::address_v6& address) {
  constexpr std::array<unsigned char, kV4InV6> kNat64 = {0, 0x64, 0xFF, 0x9B};
  const ip::address_v6::bytes_type bytes = address.to_bytes();
  return address.is_v4_mapped() || std::equal(kNat64.begin(), kNat64.end(), bytes.begin());
}

}  // namespace

bool IsRefusedAddress(const ip::address& address) {
  if (address.is_v4()) {
    return IsLinkLocal(address.to_v4());
  }
  const ip::address_v6 v6 = address.to_v6();
  const ip::address_v6::bytes_type bytes = v6.to_bytes();
  if (HasV4(v6)) {
    ip::address_v4::bytes_type v4{};
    std::copy(bytes.begin() + kV4InV6, bytes.end(), v4.begin());
    return IsLinkLocal(ip::address_v4(v4));
  }
  // fd00:ec2::254,
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
  constexpr ip::address_v6::bytes_type kAwsMetadata = {0xFD, 0, 0x0E, 0xC2, 0, 0, 0,    0,
                                                       0,    0, 0,    0,    0, 0, 0x02, 0x54};
  return v6.is_link_local() || bytes == kAwsMetadata;
}

}  // namespace weir::consumers
