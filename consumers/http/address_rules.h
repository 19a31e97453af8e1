// SPDX-License-Identifier: Apache-2.0
// The addresses that Weir never connects to, whoever asks for it.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace weir::consumers {

// Whether it is a link-local address (169.254.0.0/16, fe80::/10), in whatever form, or the IPv6
// address of a cloud's metadata service. In a cloud, these hand out the machine's credentials to
// anybody who can have a request made from it; nothing that Weir calls is there.
[[nodiscard]] bool IsRefusedAddress(const boost::asio::ip::address& address);

}  // namespace weir::consumers
