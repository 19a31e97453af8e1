// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/backups/point_in_time.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct PointInTimeRecoverySpecification {
  bool point_in_time_recovery_enabled = false;
  std::optional<std::int64_t> recovery_period_in_days;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"PointInTimeRecoveryEnabled",
              &PointInTimeRecoverySpecification::point_in_time_recovery_enabled},
        Field{"RecoveryPeriodInDays", &PointInTimeRecoverySpecification::recovery_period_in_days});
  }
};

struct UpdateContinuousBackupsRequest {
  std::string table_name;
  PointInTimeRecoverySpecification point_in_time_recovery_specification;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateContinuousBackupsRequest::table_name},
        Field{"PointInTimeRecoverySpecification",
              &UpdateContinuousBackupsRequest::point_in_time_recovery_specification});
  }
};

struct UpdateContinuousBackupsResponse {
  ContinuousBackupsDescription continuous_backups_description;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ContinuousBackupsDescription",
                                 &UpdateContinuousBackupsResponse::continuous_backups_description});
  }
};

// Stores only the setting and its window, not the table's past states: RestoreTableToPointInTime is
// not supported.
struct UpdateContinuousBackups {
  static constexpr std::string_view kName = "UpdateContinuousBackups";
  static constexpr Wording kWording{};
  using Request = UpdateContinuousBackupsRequest;
  using Response = UpdateContinuousBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
