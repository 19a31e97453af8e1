// SPDX-License-Identifier: Apache-2.0
// Service: one AWS service, as requests are routed to it.
#pragma once

#include <span>
#include <string_view>

#include "protocol/http.h"

namespace weir::protocol {

// The names of a service, by most of which requests for it are recognised. Views of static storage.
struct ServiceNames {
  std::string_view title;                                  // for people: "Amazon SQS"
  std::string_view signing_name;                           // in a signature's scope: "sqs"
  std::span<const std::string_view> target_prefixes = {};  // of X-Amz-Target, up to the dot
  std::string_view query_version = {};  // of requests with `Action`: "2011-06-15"
  std::string_view path = {};  // that paths of unsigned requests begin with: "/2015-03-31/"
};

// Answers the requests of one service, and writes errors in that service's form. Thread-safe.
class Service : public RequestHandler {
 public:
  [[nodiscard]] virtual ServiceNames names() const = 0;
};

}  // namespace weir::protocol
