// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/update_contributor_insights.h"

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {
namespace {

// Without `mode` the default mode is set, even if another was set before. Enabling again with the
// mode that is already set changes nothing (observed on AWS).
void Enable(storage::ContributorInsights& insights, std::optional<storage::InsightsMode> mode,
            Micros now, Micros due, UpdateContributorInsightsResponse& response) {
  const auto wanted = mode.value_or(storage::InsightsMode::kAccessedAndThrottledKeys);
  if (insights.enabled && insights.mode == wanted) {
    response.contributor_insights_status = InsightsStatusAt(insights, now);
  } else {
    if (!insights.enabled) {
      insights.rules_created = now;
    }
    insights.enabled = true;
    insights.mode = wanted;
    insights.due = due;
    response.contributor_insights_status = InsightsStatus::kEnabling;
  }
  response.contributor_insights_mode = wanted;
}

void Disable(storage::ContributorInsights& insights, Micros now, Micros due,
             UpdateContributorInsightsResponse& response) {
  response.contributor_insights_status = InsightsStatusAt(insights, now);
  if (insights.enabled) {
    insights.enabled = false;
    insights.due = due;
    response.contributor_insights_status = InsightsStatus::kDisabling;
  }
  response.contributor_insights_mode = insights.mode;
}

}  // namespace

Result<UpdateContributorInsights::Plan> UpdateContributorInsights::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<UpdateContributorInsights::Response> UpdateContributorInsights::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  Database& database = context.database;
  const Micros now = database.clock().Now();
  const Micros due = now + database.options().transition_times.contributor_insights;
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        FindForInsights(database, request.table_name, request.index_name));
  const storage::TableMetadataPtr before = table->metadata();
  if (StatusAt(*before, now) == TableStatus::kCreating) {
    return ValidationError(
        "Table or Index is not in a valid state to update Key Access Insights: TableStatus must be "
        "ACTIVE to enable ContributorInsights.");
  }
  Response response{before->name, request.index_name, InsightsStatus::kDisabled, {}};
  const auto change = [&](storage::TableMetadata& metadata) -> Status {
    auto& all = metadata.settings.insights;
    const std::string index = request.index_name.value_or("");
    if (request.contributor_insights_action == InsightsAction::kEnable) {
      Enable(all[index], request.contributor_insights_mode, now, due, response);
    } else if (const auto found = all.find(index); found != all.end()) {
      Disable(found->second, now, due, response);
    }
    return {};
  };
  WEIR_RETURN_IF_ERROR(WordedForControl(table->Alter(change), request.table_name));
  return response;
}

}  // namespace weir::dynamodb
