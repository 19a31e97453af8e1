// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/backups/point_in_time.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeContinuousBackupsRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeContinuousBackupsRequest::table_name});
  }
};

struct DescribeContinuousBackupsResponse {
  ContinuousBackupsDescription continuous_backups_description;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ContinuousBackupsDescription",
              &DescribeContinuousBackupsResponse::continuous_backups_description});
  }
};

// Continuous backups are always enabled, as on AWS; only point-in-time recovery can be switched.
struct DescribeContinuousBackups {
  static constexpr std::string_view kName = "DescribeContinuousBackups";
  static constexpr Wording kWording{};
  using Request = DescribeContinuousBackupsRequest;
  using Response = DescribeContinuousBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
