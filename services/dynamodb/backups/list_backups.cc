// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/list_backups.h"

#include <utility>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

// Recorded from AWS: the lower bound is included, the upper one is not.
bool IsWanted(const ListBackupsRequest& request, const storage::Backup& backup) {
  const BackupTypeFilter type = request.backup_type.value_or(BackupTypeFilter::kUser);
  const BackupTypeFilter own =
      backup.system() ? BackupTypeFilter::kSystem : BackupTypeFilter::kUser;
  if (type != own && type != BackupTypeFilter::kAll) {
    return false;
  }
  const Micros time = backup.creation_time;
  return (!request.table_name.has_value() ||
          TableNameOf(*request.table_name) == backup.table().name) &&
         (!request.time_range_lower_bound.has_value() ||
          time >= request.time_range_lower_bound->time) &&
         (!request.time_range_upper_bound.has_value() ||
          time < request.time_range_upper_bound->time);
}

}  // namespace

Result<ListBackups::Response> ListBackups::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kListBackupsPage)));
  const storage::BackupCatalogue::Listing listing = context.database.backups().List(
      request.exclusive_start_backup_arn.value_or(""), limit,
      [&](const storage::Backup& backup) { return IsWanted(request, backup); });
  Response response;
  for (const storage::BackupPtr& backup : listing.backups) {
    BackupSummary summary;
    static_cast<BackupDetails&>(summary) = DescribeDetails(*backup, BackupStatus::kAvailable);
    const storage::TableMetadata& table = backup->table();
    summary.table_name = table.name;
    summary.table_id = table.id;
    summary.table_arn = table.arn;
    response.backup_summaries.push_back(std::move(summary));
  }
  if (listing.more) {
    response.last_evaluated_backup_arn = response.backup_summaries.back().backup_arn;
  }
  return response;
}

}  // namespace weir::dynamodb
