// SPDX-License-Identifier: Apache-2.0
// What is known of a request beside its members.
#pragma once

#include <string_view>

#include "core/clock.h"

namespace weir::protocol {

// Every key belongs to it.
inline constexpr std::string_view kAccount = "000000000000";

// Views of what lives as long as the request. Empty where a request tells nothing.
struct RequestContext {
  std::string_view service{};     // as signatures name it: "sts"
  std::string_view operation{};   // "GetCallerIdentity"
  std::string_view account{};     // twelve digits
  std::string_view region{};      // of the signature
  std::string_view access_key{};  // likewise
  std::string_view host{};        // that the client asked: "localhost:8000"
  std::string_view request_id{};  // x-amzn-RequestId of the answer
  Micros time{0};                 // when it came, by the service's clock
};

}  // namespace weir::protocol
