// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/tables/throughput_settings.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

using storage::BillingMode;
using storage::Capacity;
using storage::Throughput;

constexpr std::string_view kInitialThroughputPage =
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "on-demand-capacity-mode.html#on-demand-capacity-mode-initial";
constexpr std::string_view kLimitsPage =
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
    "limits.";
constexpr Micros kDay = std::chrono::hours(24);

std::int64_t DayOf(Micros time) {
  return time / kDay;
}

// A time as AWS spells it: "Thursday, October 8, 2026 at 11:20:48 PM Coordinated Universal Time".
std::string LongDate(Micros time) {
  const auto seconds =
      static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(time).count());
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> day{};
  std::array<char, 32> clock{};
  std::strftime(day.data(), day.size(), "%A, %B ", &parts);
  std::strftime(clock.data(), clock.size(), ":%M:%S %p", &parts);
  const int hour = parts.tm_hour % 12 == 0 ? 12 : parts.tm_hour % 12;
  constexpr int kFirstYear = 1900;
  return day.data() + std::to_string(parts.tm_mday) + ", " +
         std::to_string(parts.tm_year + kFirstYear) + " at " + std::to_string(hour) + clock.data() +
         " Coordinated Universal Time";
}

std::int64_t DecreasesOn(const Capacity& capacity, std::int64_t decreases, Micros now) {
  const bool today =
      capacity.last_decrease.has_value() && DayOf(*capacity.last_decrease) == DayOf(now);
  return today ? decreases : 0;
}

Status CheckDecrease(const Capacity& capacity, Micros now) {
  const std::int64_t today = DecreasesOn(capacity, capacity.provisioned.value().decreases, now);
  if (today < limits::kFreeDecreases) {
    return {};
  }
  const Micros midnight = kDay * (DayOf(now) + 1);
  const Micros next = std::min(*capacity.last_decrease + limits::kDecreaseInterval, midnight);
  if (now >= next) {
    return {};
  }
  return MakeError(
      ErrorCode::kLimitExceeded,
      "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC "
      "day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
      "performed at most once every 3600 seconds. Number of decreases today: " +
          std::to_string(today) + ". Last decrease at " + LongDate(*capacity.last_decrease) +
          ". Next decrease can be made at " + LongDate(next));
}

ApiError WillNotChange(Throughput units, std::string_view index) {
  const std::string name(index);
  const std::string subject = index.empty() ? "the table" : "the index " + name;
  const std::string place = index.empty() ? "the table" : "index " + name;
  const auto pair = [&](const std::string& member, std::int64_t value) {
    const std::string number = std::to_string(value);
    return "Current " + member + " provisioned for " + place + ": " + number + ". Requested " +
           member + ": " + number + ". ";
  };
  return ValidationError("The provisioned throughput for " + subject +
                         " will not change. The requested value equals the current value. " +
                         pair("ReadCapacityUnits", units.read_units) +
                         pair("WriteCapacityUnits", units.write_units) + std::string(kLimitsPage));
}

Throughput InitialWarm(BillingMode mode, Throughput provisioned) {
  if (mode == BillingMode::kPayPerRequest) {
    return {limits::kOnDemandWarmReadUnits, limits::kOnDemandWarmWriteUnits};
  }
  return provisioned;
}

std::string OnDemandPlace(std::string_view index) {
  return index.empty() ? "" : " for index : " + std::string(index);
}

std::string WarmPlace(std::string_view index) {
  return index.empty() ? "table" : "index " + std::string(index);
}

// ValidationException for the first member of `warm` below `least`; its text ends in the reason.
Status CheckWarmBounds(const WarmThroughput& warm, std::string_view index, Throughput least,
                       const std::array<std::string, 2>& reasons) {
  const auto fault = [&](std::string_view member, const std::string& reason) {
    return InvalidParameter("Requested " + std::string(member) + " for WarmThroughput for " +
                            WarmPlace(index) + " is lower than " + reason);
  };
  if (warm.read_units_per_second.value_or(least.read_units) < least.read_units) {
    return fault("ReadUnitsPerSecond", reasons[0]);
  }
  if (warm.write_units_per_second.value_or(least.write_units) < least.write_units) {
    return fault("WriteUnitsPerSecond", reasons[1]);
  }
  return {};
}

Throughput Larger(Throughput a, Throughput b) {
  return {std::max(a.read_units, b.read_units), std::max(a.write_units, b.write_units)};
}

Throughput With(Throughput current, const WarmThroughput& warm) {
  return {warm.read_units_per_second.value_or(current.read_units),
          warm.write_units_per_second.value_or(current.write_units)};
}

}  // namespace

Status CheckBounds(std::int64_t units, std::string_view name, std::string_view place) {
  if (units > limits::kMaxProvisionedUnits) {
    return ValidationError("Given value " + std::to_string(units) + " for " + std::string(name) +
                           " is out of bounds" + std::string(place));
  }
  return {};
}

Status CheckBounds(const ProvisionedThroughput& throughput, std::string_view place) {
  WEIR_RETURN_IF_ERROR(CheckBounds(throughput.read_capacity_units, "ReadCapacityUnits", place));
  return CheckBounds(throughput.write_capacity_units, "WriteCapacityUnits", place);
}

Status CheckOnDemandRange(const OnDemandThroughput& limits, std::string_view index,
                          ThroughputRequest request) {
  const auto check = [&](std::string_view member, std::optional<std::int64_t> units) -> Status {
    const bool removes = request == ThroughputRequest::kUpdate && units == -1;
    if (units.value_or(1) >= 1 || removes) {
      return {};
    }
    return InvalidParameter("Requested " + std::string(member) + " for OnDemandThroughput for " +
                            (index.empty() ? "table" : "index : " + std::string(index)) +
                            " is outside of valid range");
  };
  WEIR_RETURN_IF_ERROR(check("MaxReadRequestUnits", limits.max_read_request_units));
  return check("MaxWriteRequestUnits", limits.max_write_request_units);
}

Status CheckNoOnDemand(const OnDemandThroughput& limits, std::string_view index,
                       ThroughputRequest request) {
  const bool reads = limits.max_read_request_units.has_value();
  if (!reads && !limits.max_write_request_units.has_value()) {
    return {};
  }
  return InvalidParameter(
      std::string(reads ? "MaxReadRequestUnits" : "MaxWriteRequestUnits") +
      " for OnDemandThroughput" + OnDemandPlace(index) + " cannot be specified when " +
      (request == ThroughputRequest::kCreation ? "table BillingMode is PROVISIONED."
                                               : "the table BillingMode is PROVISIONED"));
}

Status CheckWarmAtCreation(const WarmThroughput& warm, std::string_view index, BillingMode mode,
                           Throughput provisioned) {
  if (mode == BillingMode::kPayPerRequest) {
    const std::string reason =
        "initial throughput for OnDemand. See: " + std::string(kInitialThroughputPage);
    return CheckWarmBounds(warm, index, InitialWarm(mode, provisioned), {reason, reason});
  }
  return CheckWarmBounds(warm, index, provisioned,
                         {"ReadCapacityUnits of ProvisionedThroughput",
                          "WriteCapacityUnits of ProvisionedThroughput"});
}

Status CheckWarmIncrease(const WarmThroughput& warm, std::string_view index, Throughput current) {
  const std::string reason = "current WarmThroughput, decreasing WarmThroughput is not supported";
  return CheckWarmBounds(warm, index, current, {reason, reason});
}

Capacity NewCapacity(BillingMode mode, const ThroughputMembers& members, Micros now, Micros due) {
  Capacity capacity;
  Throughput units;
  if (members.provisioned.has_value()) {
    units = {members.provisioned->read_capacity_units, members.provisioned->write_capacity_units};
  }
  capacity.provisioned = storage::Settling(storage::ProvisionedCapacity{units, 0});
  if (members.on_demand.has_value()) {
    MergeOnDemand(*members.on_demand, capacity.on_demand);
  }
  const Throughput initial = InitialWarm(mode, units);
  capacity.warm = storage::Settling(initial);
  if (members.warm.has_value()) {
    // The new figures show from the beginning, but as UPDATING.
    capacity.warm = storage::Settling(With(initial, *members.warm));
    capacity.warm.Set(capacity.warm.value(), now, due);
  }
  return capacity;
}

Status ChangeProvisioned(Capacity& capacity, Throughput units, std::string_view index, Micros now,
                         Micros due) {
  const auto& [current, decreases] = capacity.provisioned.value();
  if (units == current) {
    return WillNotChange(units, index);
  }
  storage::ProvisionedCapacity next{units, DecreasesOn(capacity, decreases, now)};
  if (units.read_units < current.read_units || units.write_units < current.write_units) {
    WEIR_RETURN_IF_ERROR(CheckDecrease(capacity, now));
    ++next.decreases;
    capacity.last_decrease = now;
  }
  if (units.read_units > current.read_units || units.write_units > current.write_units) {
    capacity.last_increase = now;
  }
  capacity.provisioned.Set(next, now, due);
  // The warm throughput never falls below the most units that were ever provisioned.
  capacity.warm.Set(Larger(capacity.warm.value(), units), now, capacity.warm.due());
  return {};
}

void SetProvisioned(Capacity& capacity, Throughput units, Micros now) {
  capacity.provisioned.Set({units, capacity.provisioned.value().decreases}, now, now);
  const bool on_demand = units == Throughput();
  const Throughput least =
      InitialWarm(on_demand ? BillingMode::kPayPerRequest : BillingMode::kProvisioned, units);
  capacity.warm.Set(Larger(capacity.warm.value(), least), now, capacity.warm.due());
  capacity.on_demand = {};
}

void MergeOnDemand(const OnDemandThroughput& limits, storage::OnDemandLimits& current) {
  const auto merge = [](std::optional<std::int64_t> wanted, std::optional<std::int64_t>& limit) {
    if (wanted.has_value()) {
      limit = wanted == -1 ? std::nullopt : wanted;
    }
  };
  merge(limits.max_read_request_units, current.read_units);
  merge(limits.max_write_request_units, current.write_units);
}

void ChangeWarm(Capacity& capacity, const WarmThroughput& warm, Micros now, Micros due) {
  capacity.warm.Set(With(capacity.warm.value(), warm), now, due);
}

ProvisionedThroughput UnitsOf(const storage::Capacity& capacity) {
  const storage::Throughput& units = capacity.provisioned.value().units;
  return {units.read_units, units.write_units};
}

ProvisionedThroughputDescription DescribeProvisioned(const Capacity& capacity,
                                                     const storage::ProvisionedCapacity& shown,
                                                     Micros now) {
  ProvisionedThroughputDescription description;
  if (capacity.last_increase.has_value()) {
    description.last_increase_date_time = Timestamp{*capacity.last_increase};
  }
  if (capacity.last_decrease.has_value()) {
    description.last_decrease_date_time = Timestamp{*capacity.last_decrease};
  }
  description.number_of_decreases_today = DecreasesOn(capacity, shown.decreases, now);
  description.read_capacity_units = shown.units.read_units;
  description.write_capacity_units = shown.units.write_units;
  return description;
}

std::optional<OnDemandThroughput> DescribeOnDemand(const storage::OnDemandLimits& limits) {
  if (!limits.read_units.has_value() && !limits.write_units.has_value()) {
    return std::nullopt;
  }
  return OnDemandThroughput{limits.read_units, limits.write_units};
}

TableWarmThroughputDescription DescribeWarm(const Capacity& capacity, Micros now) {
  const Throughput& shown = capacity.warm.At(now);
  return {shown.read_units, shown.write_units,
          capacity.warm.IsSettled(now) ? "ACTIVE" : "UPDATING"};
}

}  // namespace weir::dynamodb
