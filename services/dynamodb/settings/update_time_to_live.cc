// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/update_time_to_live.h"

#include <utility>

#include "core/limits.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

// The texts are recorded from AWS.
Status Change(const TimeToLiveSpecification& wanted, Micros now, storage::TimeToLive& setting) {
  if (setting.attribute.has_value() && *setting.attribute != wanted.attribute_name) {
    return ValidationError(
        "TimeToLive is active on a different AttributeName: current AttributeName is " +
        *setting.attribute);
  }
  if (setting.attribute.has_value() == wanted.enabled) {
    return ValidationError(wanted.enabled ? "TimeToLive is already enabled"
                                          : "TimeToLive is already disabled");
  }
  if (setting.changed.has_value() && now - *setting.changed < limits::kTimeToLiveInterval) {
    return ValidationError("Time to live has been modified multiple times within a fixed interval");
  }
  setting.changed = now;
  setting.attribute.reset();
  if (wanted.enabled) {
    setting.attribute = wanted.attribute_name;
  }
  return {};
}

}  // namespace

Result<UpdateTimeToLive::Response> UpdateTimeToLive::Execute(Context& context,
                                                             const Request& request,
                                                             const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        ResolveTable(context.database, request.table_name, kControlTable));
  const Micros now = context.database.clock().Now();
  const auto change = [&](storage::TableMetadata& metadata) {
    // This operation has its own text for a table that is being created (observed on AWS).
    if (StatusAt(metadata, now) == TableStatus::kCreating) {
      return Status(InUse("Table " + metadata.name + " is being created"));
    }
    return Change(request.time_to_live_specification, now, metadata.time_to_live);
  };
  const auto altered = WordedForControl(table->Alter(change), request.table_name);
  if (!altered.ok()) {
    return altered.error();
  }
  return Response{request.time_to_live_specification};
}

}  // namespace weir::dynamodb
