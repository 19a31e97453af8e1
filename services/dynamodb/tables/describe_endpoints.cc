// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/describe_endpoints.h"

namespace weir::dynamodb {

Result<DescribeEndpoints::Response> DescribeEndpoints::Execute(Context& context,
                                                               const Request& /*request*/,
                                                               const Plan& /*plan*/) {
  constexpr std::int64_t kCacheMinutes = 1440;
  return Response{
      {{"dynamodb." + std::string(context.request.region) + ".amazonaws.com", kCacheMinutes}}};
}

}  // namespace weir::dynamodb
