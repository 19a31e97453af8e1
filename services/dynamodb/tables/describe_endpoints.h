// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct Endpoint {
  std::string address;
  std::int64_t cache_period_in_minutes = 0;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Address", &Endpoint::address},
                           Field{"CachePeriodInMinutes", &Endpoint::cache_period_in_minutes});
  }
};

struct DescribeEndpointsRequest {
  static constexpr auto Fields() { return std::make_tuple(); }
};

struct DescribeEndpointsResponse {
  std::vector<Endpoint> endpoints;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Endpoints", &DescribeEndpointsResponse::endpoints});
  }
};

// Answers with the host and port that the request was sent to: an SDK with endpoint discovery (Go's
// uses it even if it was given an endpoint) sends its next request to the host in the answer.
struct DescribeEndpoints : WithoutPlan {
  static constexpr std::string_view kName = "DescribeEndpoints";
  static constexpr Wording kWording{};
  using Request = DescribeEndpointsRequest;
  using Response = DescribeEndpointsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
