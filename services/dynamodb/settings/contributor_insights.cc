// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/contributor_insights.h"

#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {

InsightsStatus InsightsStatusAt(const storage::ContributorInsights& insights, Micros now) {
  if (insights.enabled) {
    return now < insights.due ? InsightsStatus::kEnabling : InsightsStatus::kEnabled;
  }
  return now < insights.due ? InsightsStatus::kDisabling : InsightsStatus::kDisabled;
}

Result<storage::TablePtr> FindForInsights(Database& database, std::string_view name_or_arn,
                                          const std::optional<std::string>& index) {
  WEIR_ASSIGN_OR_RETURN(storage::TablePtr table,
                        ResolveTable(database, name_or_arn, kControlTable));
  if (index.has_value()) {
    const storage::IndexDefinitionPtr found = FindIndex(*table->metadata(), *index);
    if (found == nullptr || !found->global()) {
      return MakeError(ErrorCode::kResourceNotFound,
                       "Requested resource not found: Index: " + *index +
                           " not found for table: " + table->metadata()->name);
    }
  }
  return table;
}

}  // namespace weir::dynamodb
