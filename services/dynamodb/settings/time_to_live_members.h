// SPDX-License-Identifier: Apache-2.0
// Time to live, as it stands in requests and answers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "storage/table_metadata.h"

namespace weir::dynamodb {

// A change takes effect at once, so no answer says ENABLING or DISABLING.
enum class TimeToLiveStatus : std::uint8_t { kEnabled, kDisabled };

template <>
struct EnumNames<TimeToLiveStatus> {
  static constexpr std::array<EnumName<TimeToLiveStatus>, 2> kNames{
      {{"ENABLED", TimeToLiveStatus::kEnabled}, {"DISABLED", TimeToLiveStatus::kDisabled}}};
};

struct TimeToLiveDescription {
  TimeToLiveStatus time_to_live_status = TimeToLiveStatus::kDisabled;
  std::optional<std::string> attribute_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TimeToLiveStatus", &TimeToLiveDescription::time_to_live_status},
                           Field{"AttributeName", &TimeToLiveDescription::attribute_name});
  }
};

inline TimeToLiveDescription DescribeTimeToLiveOf(const storage::TimeToLive& setting) {
  return {setting.attribute.has_value() ? TimeToLiveStatus::kEnabled : TimeToLiveStatus::kDisabled,
          setting.attribute};
}

}  // namespace weir::dynamodb
