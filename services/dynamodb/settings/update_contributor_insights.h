// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html
#pragma once

#include <array>
#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/contributor_insights.h"

namespace weir::dynamodb {

enum class InsightsAction : std::uint8_t { kEnable, kDisable };

template <>
struct EnumNames<InsightsAction> {
  static constexpr std::array<EnumName<InsightsAction>, 2> kNames{
      {{"ENABLE", InsightsAction::kEnable}, {"DISABLE", InsightsAction::kDisable}}};
};

struct UpdateContributorInsightsRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  InsightsAction contributor_insights_action = InsightsAction::kEnable;
  std::optional<storage::InsightsMode> contributor_insights_mode;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateContributorInsightsRequest::table_name},
                           Field{"IndexName", &UpdateContributorInsightsRequest::index_name},
                           Field{"ContributorInsightsAction",
                                 &UpdateContributorInsightsRequest::contributor_insights_action},
                           Field{"ContributorInsightsMode",
                                 &UpdateContributorInsightsRequest::contributor_insights_mode});
  }
};

struct UpdateContributorInsightsResponse {
  std::string table_name;
  std::optional<std::string> index_name;
  InsightsStatus contributor_insights_status = InsightsStatus::kDisabled;
  std::optional<storage::InsightsMode> contributor_insights_mode;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateContributorInsightsResponse::table_name},
                           Field{"IndexName", &UpdateContributorInsightsResponse::index_name},
                           Field{"ContributorInsightsStatus",
                                 &UpdateContributorInsightsResponse::contributor_insights_status},
                           Field{"ContributorInsightsMode",
                                 &UpdateContributorInsightsResponse::contributor_insights_mode});
  }
};

// Only stores the state: Weir does not record which keys are read and written.
struct UpdateContributorInsights {
  static constexpr std::string_view kName = "UpdateContributorInsights";
  static constexpr Wording kWording{};
  using Request = UpdateContributorInsightsRequest;
  using Response = UpdateContributorInsightsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
