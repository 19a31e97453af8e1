// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/describe_limits.h"

#include "core/limits.h"

namespace weir::dynamodb {

Result<DescribeLimits::Response> DescribeLimits::Execute(Context& /*context*/,
                                                         const Request& /*request*/,
                                                         const Plan& /*plan*/) {
  return Response{limits::kAccountThroughput, limits::kAccountThroughput, limits::kTableThroughput,
                  limits::kTableThroughput};
}

}  // namespace weir::dynamodb
