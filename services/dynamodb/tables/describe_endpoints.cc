// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/describe_endpoints.h"

namespace weir::dynamodb {

Result<DescribeEndpoints::Response> DescribeEndpoints::Execute(Context& context,
                                                               const Request& /*request*/,
                                                               const Plan& /*plan*/) {
  constexpr std::int64_t kCacheMinutes = 1440;
  const std::string host(context.request.host);
  return Response{
      {{host.empty() ? "dynamodb." + std::string(context.request.region) + ".amazonaws.com" : host,
        kCacheMinutes}}};
}

}  // namespace weir::dynamodb
