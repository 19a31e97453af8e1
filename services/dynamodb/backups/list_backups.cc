// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/backups/list_backups.h"

#include <utility>

#include "core/limits.h"

namespace weir::dynamodb {
namespace {

bool IsWanted(const ListBackupsRequest& request, const storage::Backup& backup) {
  const BackupTypeFilter type = request.backup_type.value_or(BackupTypeFilter::kUser);
  const BackupTypeFilter own =
      backup.system() ? BackupTypeFilter::kSystem : BackupTypeFilter::kUser;
  if (type != own && type != BackupTypeFilter::kAll) {
    return false;
  }
  // Both bounds are inclusive, and compared in milliseconds (recorded on AWS).
  const auto milliseconds = [](Micros time) {
    return std::chrono::round<std::chrono::milliseconds>(time);
  };
  const auto time = std::chrono::floor<std::chrono::milliseconds>(backup.creation_time);
  return (!request.table_name.has_value() ||
          TableNameOf(*request.table_name) == backup.table().name) &&
         (!request.time_range_lower_bound.has_value() ||
          time >= milliseconds(request.time_range_lower_bound->time)) &&
         (!request.time_range_upper_bound.has_value() ||
          time <= milliseconds(request.time_range_upper_bound->time));
}

// Refuses to start after an ARN of another region, as AWS does. An existing backup is allowed: here
// one catalogue, and so one listing, holds the backups of all regions.
Status CheckStart(Context& context, std::string_view arn) {
  const std::string own = "arn:aws:dynamodb:" + std::string(context.request.region) + ":";
  const bool other_region = arn.starts_with("arn:aws:dynamodb:") && !arn.starts_with(own);
  return other_region && context.database.backups().Find(arn) == nullptr
             ? Status(ValidationError("Invalid Request: The supplied ExclusiveStartBackupArn does "
                                      "not match the region"))
             : Status();
}

}  // namespace

Result<ListBackups::Plan> ListBackups::Validate(const Request& request) {
  if (request.time_range_lower_bound.has_value() && request.time_range_upper_bound.has_value() &&
      request.time_range_lower_bound->time > request.time_range_upper_bound->time) {
    return InvalidParameter("Time range lower bound must be less than or equal to upper bound");
  }
  return Plan{};
}

Result<ListBackups::Response> ListBackups::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  const auto limit = static_cast<std::size_t>(
      request.limit.value_or(static_cast<std::int64_t>(limits::kListBackupsPage)));
  WEIR_RETURN_IF_ERROR(CheckStart(context, request.exclusive_start_backup_arn.value_or("")));
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
