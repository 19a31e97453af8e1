// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

enum class BackupTypeFilter : std::uint8_t { kUser, kSystem, kAwsBackup, kAll };

template <>
struct EnumNames<BackupTypeFilter> {
  static constexpr std::array<EnumName<BackupTypeFilter>, 4> kNames{
      {{"USER", BackupTypeFilter::kUser},
       {"SYSTEM", BackupTypeFilter::kSystem},
       {"AWS_BACKUP", BackupTypeFilter::kAwsBackup},
       {"ALL", BackupTypeFilter::kAll}}};
};

struct ListBackupsRequest {
  std::optional<std::string> table_name;
  std::optional<std::int64_t> limit;
  std::optional<Timestamp> time_range_lower_bound;
  std::optional<Timestamp> time_range_upper_bound;
  std::optional<std::string> exclusive_start_backup_arn;
  std::optional<BackupTypeFilter> backup_type;
  static constexpr auto Fields() {
    using Self = ListBackupsRequest;
    return std::make_tuple(Field{"TableName", &Self::table_name}, Field{"Limit", &Self::limit},
                           Field{"TimeRangeLowerBound", &Self::time_range_lower_bound},
                           Field{"TimeRangeUpperBound", &Self::time_range_upper_bound},
                           Field{"ExclusiveStartBackupArn", &Self::exclusive_start_backup_arn},
                           Field{"BackupType", &Self::backup_type});
  }
};

struct BackupSummary : BackupDetails {
  std::string table_name;
  std::string table_id;
  std::string table_arn;
  static constexpr auto Fields() {
    using Self = BackupSummary;
    return std::tuple_cat(
        std::make_tuple(Field{"TableName", &Self::table_name}, Field{"TableId", &Self::table_id},
                        Field{"TableArn", &Self::table_arn}),
        BackupDetails::Fields());
  }
};

struct ListBackupsResponse {
  std::vector<BackupSummary> backup_summaries;
  std::optional<std::string> last_evaluated_backup_arn;
  static constexpr auto Fields() {
    using Self = ListBackupsResponse;
    return std::make_tuple(Field{"BackupSummaries", &Self::backup_summaries},
                           Field{"LastEvaluatedBackupArn", &Self::last_evaluated_backup_arn});
  }
};

// Lists backups in the order of their ARNs. TableName need not name an existing table: backups
// outlive their tables.
struct ListBackups {
  static constexpr std::string_view kName = "ListBackups";
  static constexpr Wording kWording{};
  using Request = ListBackupsRequest;
  using Response = ListBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
