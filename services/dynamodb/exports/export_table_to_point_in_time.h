// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/backups/point_in_time.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct ExportTableToPointInTimeRequest {
  std::string table_arn;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ExportTableToPointInTimeRequest::table_arn});
  }
};

struct ExportTableToPointInTimeResponse {
  std::string table_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableArn", &ExportTableToPointInTimeResponse::table_arn});
  }
};

// Refused: Weir has no S3 yet. What AWS finds wrong before is answered as there.
struct ExportTableToPointInTime {
  static constexpr std::string_view kName = "ExportTableToPointInTime";
  static constexpr Wording kWording{};
  using Request = ExportTableToPointInTimeRequest;
  using Response = ExportTableToPointInTimeResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
