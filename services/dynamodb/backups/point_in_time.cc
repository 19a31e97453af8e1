// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/point_in_time.h"

#include <algorithm>
#include <string>

#include "core/limits.h"

namespace weir::dynamodb {

ContinuousBackupsDescription DescribeBackups(const storage::TableMetadata& table, Micros now) {
  ContinuousBackupsDescription description;
  const auto& recovery = table.settings.point_in_time_recovery;
  if (recovery.has_value()) {
    PointInTimeRecoveryDescription& shown = description.point_in_time_recovery_description;
    shown.point_in_time_recovery_status = BackupsStatus::kEnabled;
    shown.recovery_period_in_days = recovery->period_days;
    const Micros period = std::chrono::hours(24) * recovery->period_days;
    shown.earliest_restorable_date_time = Timestamp{std::max(recovery->enabled_at, now - period)};
    shown.latest_restorable_date_time =
        Timestamp{std::max(recovery->enabled_at, now - limits::kRestoreLag)};
  }
  return description;
}

Status CheckPointInTimeRecovery(const storage::TableMetadata& table) {
  if (!table.settings.point_in_time_recovery.has_value()) {
    return MakeError(ErrorCode::kPointInTimeRecoveryUnavailable,
                     "Point in time recovery is not enabled for table '" + table.name + "'");
  }
  return {};
}

}  // namespace weir::dynamodb
