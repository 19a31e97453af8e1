// SPDX-License-Identifier: Apache-2.0
// The rules of provisioned, on-demand and warm throughput, for tables and their global indexes.
//
// Where a function takes the name of an index, an empty one stands for the table. The texts are the
// service's (public notes from live AWS, October 2026).
#pragma once

#include <optional>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "services/dynamodb/tables/key_members.h"
#include "storage/capacity.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

// ValidationException if `units` is more than AWS takes; `place` ends the text.
Status CheckBounds(std::int64_t units, std::string_view name, std::string_view place = {});
Status CheckBounds(const ProvisionedThroughput& throughput, std::string_view place = {});

enum class ThroughputRequest { kCreation, kUpdate };

// ValidationException unless the limits are in range; in an update -1 removes one.
Status CheckOnDemandRange(const OnDemandThroughput& limits, std::string_view index,
                          ThroughputRequest request);
// ValidationException if there is a limit, since the table is provisioned.
Status CheckNoOnDemand(const OnDemandThroughput& limits, std::string_view index,
                       ThroughputRequest request);
// ValidationException if a new table or index is to be warmed up for less than it comes with.
Status CheckWarmAtCreation(const WarmThroughput& warm, std::string_view index,
                           storage::BillingMode mode, storage::Throughput provisioned);
// ValidationException if it is less than what there is.
Status CheckWarmIncrease(const WarmThroughput& warm, std::string_view index,
                         storage::Throughput current);

// What a new table or index is given.
struct ThroughputMembers {
  std::optional<ProvisionedThroughput> provisioned;
  std::optional<OnDemandThroughput> on_demand;
  std::optional<WarmThroughput> warm;
};

// The capacity of a new table or index; `due` is when it is ACTIVE.
storage::Capacity NewCapacity(storage::BillingMode mode, const ThroughputMembers& members,
                              Micros now, Micros due);

// Changes provisioned units from `now` on, shown when `due`. ValidationException if that changes
// nothing, LimitExceededException if it is one decrease too many for the UTC day.
Status ChangeProvisioned(storage::Capacity& capacity, storage::Throughput units,
                         std::string_view index, Micros now, Micros due);
// Sets them with another billing mode: 0 for on demand.
void SetProvisioned(storage::Capacity& capacity, storage::Throughput units, Micros now);
// Sets or, by -1, removes what `limits` has.
void MergeOnDemand(const OnDemandThroughput& limits, storage::OnDemandLimits& current);
void ChangeWarm(storage::Capacity& capacity, const WarmThroughput& warm, Micros now, Micros due);

// The provisioned units, also while a change to them takes its time.
ProvisionedThroughput UnitsOf(const storage::Capacity& capacity);
ProvisionedThroughputDescription DescribeProvisioned(const storage::Capacity& capacity,
                                                     const storage::ProvisionedCapacity& shown,
                                                     Micros now);
// None without limits.
std::optional<OnDemandThroughput> DescribeOnDemand(const storage::OnDemandLimits& limits);
TableWarmThroughputDescription DescribeWarm(const storage::Capacity& capacity, Micros now);

}  // namespace weir::dynamodb
