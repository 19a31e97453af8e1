// SPDX-License-Identifier: Apache-2.0
// Continuous backups and point-in-time recovery, as they stand in answers and errors.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"

namespace weir::dynamodb {

enum class BackupsStatus : std::uint8_t { kEnabled, kDisabled };

template <>
struct EnumNames<BackupsStatus> {
  static constexpr std::array<EnumName<BackupsStatus>, 2> kNames{
      {{"ENABLED", BackupsStatus::kEnabled}, {"DISABLED", BackupsStatus::kDisabled}}};
};

struct PointInTimeRecoveryDescription {
  BackupsStatus point_in_time_recovery_status = BackupsStatus::kDisabled;
  std::optional<std::int64_t> recovery_period_in_days;
  std::optional<Timestamp> earliest_restorable_date_time;
  std::optional<Timestamp> latest_restorable_date_time;
  static constexpr auto Fields() {
    using Self = PointInTimeRecoveryDescription;
    return std::make_tuple(
        Field{"PointInTimeRecoveryStatus", &Self::point_in_time_recovery_status},
        Field{"RecoveryPeriodInDays", &Self::recovery_period_in_days},
        Field{"EarliestRestorableDateTime", &Self::earliest_restorable_date_time},
        Field{"LatestRestorableDateTime", &Self::latest_restorable_date_time});
  }
};

struct ContinuousBackupsDescription {
  BackupsStatus continuous_backups_status = BackupsStatus::kEnabled;
  PointInTimeRecoveryDescription point_in_time_recovery_description;
  static constexpr auto Fields() {
    using Self = ContinuousBackupsDescription;
    return std::make_tuple(
        Field{"ContinuousBackupsStatus", &Self::continuous_backups_status},
        Field{"PointInTimeRecoveryDescription", &Self::point_in_time_recovery_description});
  }
};

ContinuousBackupsDescription DescribeBackups(const storage::TableMetadata& table, Micros now);

// PointInTimeRecoveryUnavailableException unless the table has point-in-time recovery enabled.
Status CheckPointInTimeRecovery(const storage::TableMetadata& table);

}  // namespace weir::dynamodb
