// SPDX-License-Identifier: Apache-2.0
// What the operations on Contributor Insights share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "storage/table_settings.h"

namespace weir::dynamodb {

enum class InsightsStatus : std::uint8_t { kEnabling, kEnabled, kDisabling, kDisabled };

template <>
struct EnumNames<InsightsStatus> {
  static constexpr std::array<EnumName<InsightsStatus>, 4> kNames{
      {{"ENABLING", InsightsStatus::kEnabling},
       {"ENABLED", InsightsStatus::kEnabled},
       {"DISABLING", InsightsStatus::kDisabling},
       {"DISABLED", InsightsStatus::kDisabled}}};
};

template <>
struct EnumNames<storage::InsightsMode> {
  static constexpr std::array<EnumName<storage::InsightsMode>, 2> kNames{
      {{"ACCESSED_AND_THROTTLED_KEYS", storage::InsightsMode::kAccessedAndThrottledKeys},
       {"THROTTLED_KEYS", storage::InsightsMode::kThrottledKeys}}};
};

InsightsStatus InsightsStatusAt(const storage::ContributorInsights& insights, Micros now);

// The table. ResourceNotFoundException if it is missing, or if `index` is given and is not one of
// its global secondary indexes.
Result<storage::TablePtr> FindForInsights(Database& database, std::string_view name_or_arn,
                                          const std::optional<std::string>& index);

}  // namespace weir::dynamodb
