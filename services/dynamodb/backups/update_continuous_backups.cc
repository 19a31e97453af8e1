// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/update_continuous_backups.h"

#include <utility>

#include "core/limits.h"
#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

Result<UpdateContinuousBackups::Plan> UpdateContinuousBackups::Validate(const Request& request) {
  const PointInTimeRecoverySpecification& wanted = request.point_in_time_recovery_specification;
  if (!wanted.point_in_time_recovery_enabled && wanted.recovery_period_in_days.has_value()) {
    return ValidationError(
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time "
        "recovery.");
  }
  return Plan{};
}

Result<UpdateContinuousBackups::Response> UpdateContinuousBackups::Execute(Context& context,
                                                                           const Request& request,
                                                                           const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kBackupTable));
  const Micros now = context.database.clock().Now();
  const PointInTimeRecoverySpecification& wanted = request.point_in_time_recovery_specification;
  const auto change = [&](storage::TableMetadata& metadata) -> Status {
    if (ChangeAt(metadata, now) == storage::TableChange::kCreation) {
      return BackupsBeingEnabled(metadata.name);
    }
    auto& recovery = metadata.settings.point_in_time_recovery;
    if (!wanted.point_in_time_recovery_enabled) {
      recovery.reset();
      return {};
    }
    // The recovery window starts anew only if recovery was disabled.
    if (!recovery.has_value()) {
      recovery = storage::PointInTimeRecovery{now, limits::kRecoveryPeriodDays};
    }
    recovery->period_days = wanted.recovery_period_in_days.value_or(recovery->period_days);
    return {};
  };
  storage::Outcome<storage::TableMetadataPtr> changed = table->Alter(change);
  if (!changed.ok() && changed.error().kind == storage::Fault::Kind::kTableDropped) {
    return kBackupTable.not_found(TableNameOf(request.table_name));
  }
  WEIR_ASSIGN_OR_RETURN(const storage::TableMetadataPtr metadata, Worded(std::move(changed)));
  return Response{DescribeBackups(*metadata, now)};
}

}  // namespace weir::dynamodb
