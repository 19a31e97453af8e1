// SPDX-License-Identifier: Apache-2.0
// What users set on a table besides its structure, by separate operations. It is deleted with the
// table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/clock.h"

namespace weir::storage {

using Tags = std::map<std::string, std::string, std::less<>>;

struct ResourcePolicy {
  std::string document;
  std::string revision_id;
};

// What belongs to one ARN: the table's own, or that of one of its streams.
struct ResourceSettings {
  Tags tags;
  std::optional<ResourcePolicy> policy;
  std::string last_revision;  // of the newest policy, or of its deletion
};

struct PointInTimeRecovery {
  Micros enabled_at{0};
  std::int64_t period_days = 0;
};

enum class InsightsMode : std::uint8_t { kAccessedAndThrottledKeys, kThrottledKeys };

// Contributor Insights of a table or a global secondary index, once it has been switched on.
struct ContributorInsights {
  bool enabled = false;
  InsightsMode mode = InsightsMode::kAccessedAndThrottledKeys;
  Micros rules_created{0};  // part of the names of the rules
  Micros due{0};            // ENABLING or DISABLING until then
};

struct TableSettings {
  // The key is what follows the table's ARN: "" for the table, "/stream/<label>" for a stream.
  std::map<std::string, ResourceSettings, std::less<>> resources;
  std::optional<PointInTimeRecovery> point_in_time_recovery;
  // The key is the name of the index; "" for the table.
  std::map<std::string, ContributorInsights, std::less<>> insights;
};

}  // namespace weir::storage
