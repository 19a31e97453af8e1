// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/describe_contributor_insights.h"

namespace weir::dynamodb {
namespace {

// The names of the CloudWatch rules that AWS would make:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
std::vector<std::string> RuleNames(const storage::TableMetadata& table, const std::string& index,
                                   const storage::ContributorInsights& insights) {
  const storage::IndexDefinitionPtr definition = FindIndex(table, index);
  const bool sorted = definition == nullptr ? table.key_schema.sort.has_value()
                                            : !definition->key_schema.sort.empty();
  const auto created =
      std::chrono::duration_cast<std::chrono::milliseconds>(insights.rules_created).count();
  const std::string target =
      table.name + (index.empty() ? "" : "-" + index) + "-" + std::to_string(created);
  std::vector<std::string> names;
  for (const std::string_view kind : {"PKC", "SKC", "PKT", "SKT"}) {
    const bool wanted =
        kind.ends_with('T') || insights.mode == storage::InsightsMode::kAccessedAndThrottledKeys;
    if (wanted && (sorted || kind.starts_with('P'))) {
      names.push_back(
          std::string("DynamoDBContributorInsights-").append(kind).append("-").append(target));
    }
  }
  return names;
}

}  // namespace

Result<DescribeContributorInsights::Plan> DescribeContributorInsights::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<DescribeContributorInsights::Response> DescribeContributorInsights::Execute(
    Context& context, const Request& request, const Plan& /*plan*/) {
  const Micros now = context.database.clock().Now();
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        FindForInsights(context.database, request.table_name, request.index_name));
  const storage::TableMetadataPtr metadata = table->metadata();
  Response response;
  response.table_name = metadata->name;
  response.index_name = request.index_name;
  const auto found = metadata->settings.insights.find(request.index_name.value_or(""));
  if (found == metadata->settings.insights.end()) {
    return response;
  }
  const storage::ContributorInsights& insights = found->second;
  response.contributor_insights_status = InsightsStatusAt(insights, now);
  response.contributor_insights_mode = insights.mode;
  response.last_update_date_time = Timestamp{insights.due};
  if (insights.enabled) {
    response.contributor_insights_rule_list = RuleNames(*metadata, found->first, insights);
  }
  return response;
}

}  // namespace weir::dynamodb
