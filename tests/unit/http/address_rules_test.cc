// SPDX-License-Identifier: Apache-2.0
#include "consumers/http/address_rules.h"

#include <catch2/catch.hpp>

namespace weir::consumers {
namespace {

bool IsRefused(const char* text) {
  return IsRefusedAddress(boost::asio::ip::make_address(text));
}

TEST_CASE("Link-local addresses are refused in each of their forms", "[http]") {
  for (const char* const text :
       {"169.254.0.0", "169.254.169.254", "169.254.255.255", "fe80::1", "febf::1%1",
        "::ffff:169.254.170.2", "64:ff9b::169.254.169.254", "fd00:ec2::254"}) {
    CAPTURE(text);
    CHECK(IsRefused(text));
  }
}

TEST_CASE("Other addresses are not refused", "[http]") {
  for (const char* const text :
       {"127.0.0.1", "10.0.0.1", "169.253.255.255", "169.255.0.0", "::1", "fec0::1",
        "fd00:ec2::253", "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::169.254.169.254"}) {
    CAPTURE(text);
    CHECK(!IsRefused(text));
  }
}

}  // namespace
}  // namespace weir::consumers
