// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
#pragma once

#include <cstdint>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeLimitsRequest {
  static constexpr auto Fields() { return std::make_tuple(); }
};

struct DescribeLimitsResponse {
  std::int64_t account_max_read_capacity_units = 0;
  std::int64_t account_max_write_capacity_units = 0;
  std::int64_t table_max_read_capacity_units = 0;
  std::int64_t table_max_write_capacity_units = 0;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"AccountMaxReadCapacityUnits",
              &DescribeLimitsResponse::account_max_read_capacity_units},
        Field{"AccountMaxWriteCapacityUnits",
              &DescribeLimitsResponse::account_max_write_capacity_units},
        Field{"TableMaxReadCapacityUnits", &DescribeLimitsResponse::table_max_read_capacity_units},
        Field{"TableMaxWriteCapacityUnits",
              &DescribeLimitsResponse::table_max_write_capacity_units});
  }
};

// The quotas of an account that never asked for more. Weir does not enforce them.
struct DescribeLimits : WithoutPlan {
  static constexpr std::string_view kName = "DescribeLimits";
  static constexpr Wording kWording{};
  using Request = DescribeLimitsRequest;
  using Response = DescribeLimitsResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
