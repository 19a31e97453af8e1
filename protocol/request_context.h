// SPDX-License-Identifier: Apache-2.0
// What is known about a request apart from its members.
#pragma once

#include <string_view>

#include "core/clock.h"

namespace weir::protocol {

// The account that every access key belongs to.
inline constexpr std::string_view kAccount = "000000000000";

// The views are valid as long as the request, and empty where it does not say.
struct RequestContext {
  std::string_view service{};     // as signatures name it: "sts"
  std::string_view operation{};   // "GetCallerIdentity"
  std::string_view account{};     // twelve digits
  std::string_view region{};      // of the signature
  std::string_view access_key{};  // of the signature: its id
  std::string_view host{};        // the host that the client asked: "localhost:8000"
  std::string_view request_id{};  // x-amzn-RequestId of the answer
  Micros time{0};                 // when it came, by the service's clock
};

}  // namespace weir::protocol
