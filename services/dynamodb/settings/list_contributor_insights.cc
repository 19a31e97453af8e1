// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/list_contributor_insights.h"

#include <algorithm>
#include <utility>

#include "core/base64.h"
#include "core/limits.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {
namespace {

// The table and index of the last summary on a page. The index is "" for the table itself.
using Position = std::pair<std::string, std::string>;

Position PositionOf(const InsightsSummary& summary) {
  return {summary.table_name, summary.index_name.value_or("")};
}

// The Base64 of "<table>/<index>"; neither name can have a slash.
std::string Encode(const Position& position) {
  std::string token;
  EncodeBase64(position.first + "/" + position.second, token);
  return token;
}

Result<Position> Decode(std::string_view token) {
  std::string text;
  const Base64Fault fault = DecodeBase64(token, text);
  const std::size_t slash = text.find('/');
  if (fault != Base64Fault::kNone || slash == std::string::npos) {
    return ValidationError("Invalid NextToken");
  }
  return Position{text.substr(0, slash), text.substr(slash + 1)};
}

std::vector<InsightsSummary> Summaries(const storage::TableMetadata& table, Micros now) {
  std::vector<InsightsSummary> summaries;
  for (const auto& [index, insights] : table.settings.insights) {
    const InsightsStatus status = InsightsStatusAt(insights, now);
    if (status != InsightsStatus::kDisabled) {
      const auto name = index.empty() ? std::nullopt : std::optional(index);
      summaries.push_back({table.name, name, status, insights.mode});
    }
  }
  return summaries;
}

}  // namespace

Result<ListContributorInsights::Plan> ListContributorInsights::Validate(
    const Request& /*request*/) {
  return Plan{};
}

Result<ListContributorInsights::Response> ListContributorInsights::Execute(Context& context,
                                                                           const Request& request,
                                                                           const Plan& /*plan*/) {
  Database& database = context.database;
  std::vector<std::string> names;
  if (request.table_name.has_value()) {
    WEIR_RETURN_IF_ERROR(ResolveTable(database, *request.table_name, kControlTable));
    names.emplace_back(TableNameOf(*request.table_name));
  } else {
    names = database.tables().Names("", limits::kTablesPerRegion);
  }
  Position start;
  if (request.next_token.has_value()) {
    WEIR_ASSIGN_OR_RETURN(start, Decode(*request.next_token));
  }
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(request.max_results.value_or(limits::kContributorInsightsPage), 1,
                               limits::kContributorInsightsPage));
  Response response;
  for (const std::string& name : names) {
    const storage::TablePtr table = database.tables().Find(name);
    if (table == nullptr) {
      continue;
    }
    for (InsightsSummary& summary : Summaries(*table->metadata(), database.clock().Now())) {
      if (PositionOf(summary) <= start) {
        continue;
      }
      if (response.contributor_insights_summaries.size() == limit) {
        response.next_token = Encode(PositionOf(response.contributor_insights_summaries.back()));
        return response;
      }
      response.contributor_insights_summaries.push_back(std::move(summary));
    }
  }
  return response;
}

}  // namespace weir::dynamodb
