// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/backups/point_in_time.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct RestoreTableToPointInTimeRequest {
  std::optional<std::string> source_table_arn;
  std::optional<std::string> source_table_name;
  std::string target_table_name;
  std::optional<bool> use_latest_restorable_time;
  std::optional<Timestamp> restore_date_time;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"SourceTableArn", &RestoreTableToPointInTimeRequest::source_table_arn},
        Field{"SourceTableName", &RestoreTableToPointInTimeRequest::source_table_name},
        Field{"TargetTableName", &RestoreTableToPointInTimeRequest::target_table_name},
        Field{"UseLatestRestorableTime",
              &RestoreTableToPointInTimeRequest::use_latest_restorable_time},
        Field{"RestoreDateTime", &RestoreTableToPointInTimeRequest::restore_date_time});
  }
};

struct RestoreTableToPointInTimeResponse {
  std::string target_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TargetTableName", &RestoreTableToPointInTimeResponse::target_table_name});
  }
};

// Not supported by Weir. Requests that AWS refuses get AWS's error first.
struct RestoreTableToPointInTime {
  static constexpr std::string_view kName = "RestoreTableToPointInTime";
  static constexpr Wording kWording{};
  using Request = RestoreTableToPointInTimeRequest;
  using Response = RestoreTableToPointInTimeResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
