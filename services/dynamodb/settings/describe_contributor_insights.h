// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/contributor_insights.h"

namespace weir::dynamodb {

struct DescribeContributorInsightsRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeContributorInsightsRequest::table_name},
                           Field{"IndexName", &DescribeContributorInsightsRequest::index_name});
  }
};

struct DescribeContributorInsightsResponse {
  std::string table_name;
  std::optional<std::string> index_name;
  std::optional<std::vector<std::string>> contributor_insights_rule_list;
  InsightsStatus contributor_insights_status = InsightsStatus::kDisabled;
  std::optional<Timestamp> last_update_date_time;
  std::optional<storage::InsightsMode> contributor_insights_mode;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeContributorInsightsResponse::table_name},
        Field{"IndexName", &DescribeContributorInsightsResponse::index_name},
        Field{"ContributorInsightsRuleList",
              &DescribeContributorInsightsResponse::contributor_insights_rule_list},
        Field{"ContributorInsightsStatus",
              &DescribeContributorInsightsResponse::contributor_insights_status},
        Field{"LastUpdateDateTime", &DescribeContributorInsightsResponse::last_update_date_time},
        Field{"ContributorInsightsMode",
              &DescribeContributorInsightsResponse::contributor_insights_mode});
  }
};

// A table or index on which Contributor Insights were never enabled shows DISABLED, and no mode or
// time.
struct DescribeContributorInsights {
  static constexpr std::string_view kName = "DescribeContributorInsights";
  static constexpr Wording kWording{};
  using Request = DescribeContributorInsightsRequest;
  using Response = DescribeContributorInsightsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
