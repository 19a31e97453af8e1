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

// ValidationException if `units` is more than AWS allows; its text ends in `place`.
Status CheckBounds(std::int64_t units, std::string_view name, std::string_view place = {});
Status CheckBounds(const ProvisionedThroughput& throughput, std::string_view place = {});

enum class ThroughputRequest { kCreation, kUpdate };

// ValidationException unless the limits are at least 1; in an update -1 is allowed and removes one.
Status CheckOnDemandRange(const OnDemandThroughput& limits, std::string_view index,
                          ThroughputRequest request);
// For a provisioned table: ValidationException if `limits` has any.
Status CheckNoOnDemand(const OnDemandThroughput& limits, std::string_view index,
                       ThroughputRequest request);
// ValidationException if `warm` is less than what a new table or index has anyway: 12000 read and
// 4000 write units on demand, else the `provisioned` units.
Status CheckWarmAtCreation(const WarmThroughput& warm, std::string_view index,
                           storage::BillingMode mode, storage::Throughput provisioned);
// ValidationException if `warm` is less than the `current` warm throughput.
Status CheckWarmIncrease(const WarmThroughput& warm, std::string_view index,
                         storage::Throughput current);

// What a request gives a new table or index.
struct ThroughputMembers {
  std::optional<ProvisionedThroughput> provisioned;
  std::optional<OnDemandThroughput> on_demand;
  std::optional<WarmThroughput> warm;
};

// The capacity of a new table or index; `due` is when it is ACTIVE.
storage::Capacity NewCapacity(storage::BillingMode mode, const ThroughputMembers& members,
                              Micros now, Micros due);

// Changes the provisioned units at `now`; answers show them when `due`. ValidationException if they
// stay the same, LimitExceededException if it is one decrease too many for the UTC day.
Status ChangeProvisioned(storage::Capacity& capacity, storage::Throughput units,
                         std::string_view index, Micros now, Micros due);
// Sets the provisioned units (0 for on demand) when the billing mode changes. They show at once,
// and the on-demand limits are dropped.
void SetProvisioned(storage::Capacity& capacity, storage::Throughput units, Micros now);
// Sets the limits that `limits` has, or removes them where it has -1.
void MergeOnDemand(const OnDemandThroughput& limits, storage::OnDemandLimits& current);
void ChangeWarm(storage::Capacity& capacity, const WarmThroughput& warm, Micros now, Micros due);

// The provisioned units, or those that they are changing to.
ProvisionedThroughput UnitsOf(const storage::Capacity& capacity);
ProvisionedThroughputDescription DescribeProvisioned(const storage::Capacity& capacity,
                                                     const storage::ProvisionedCapacity& shown,
                                                     Micros now);
// nullopt if there are no limits.
std::optional<OnDemandThroughput> DescribeOnDemand(const storage::OnDemandLimits& limits);
TableWarmThroughputDescription DescribeWarm(const storage::Capacity& capacity, Micros now);

}  // namespace weir::dynamodb
