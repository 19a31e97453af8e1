// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/contributor_insights.h"

namespace weir::dynamodb {

struct InsightsSummary {
  std::string table_name;
  std::optional<std::string> index_name;
  InsightsStatus contributor_insights_status = InsightsStatus::kDisabled;
  storage::InsightsMode contributor_insights_mode =
      storage::InsightsMode::kAccessedAndThrottledKeys;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &InsightsSummary::table_name},
        Field{"IndexName", &InsightsSummary::index_name},
        Field{"ContributorInsightsStatus", &InsightsSummary::contributor_insights_status},
        Field{"ContributorInsightsMode", &InsightsSummary::contributor_insights_mode});
  }
};

struct ListContributorInsightsRequest {
  std::optional<std::string> table_name;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> max_results;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &ListContributorInsightsRequest::table_name},
                           Field{"NextToken", &ListContributorInsightsRequest::next_token},
                           Field{"MaxResults", &ListContributorInsightsRequest::max_results});
  }
};

struct ListContributorInsightsResponse {
  std::vector<InsightsSummary> contributor_insights_summaries;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ContributorInsightsSummaries",
                                 &ListContributorInsightsResponse::contributor_insights_summaries},
                           Field{"NextToken", &ListContributorInsightsResponse::next_token});
  }
};

// Lists the tables and indexes whose status is not DISABLED, each table before its indexes.
struct ListContributorInsights {
  static constexpr std::string_view kName = "ListContributorInsights";
  static constexpr Wording kWording{};
  using Request = ListContributorInsightsRequest;
  using Response = ListContributorInsightsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
