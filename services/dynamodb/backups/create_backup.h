// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct CreateBackupRequest {
  std::string table_name;
  std::string backup_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &CreateBackupRequest::table_name},
                           Field{"BackupName", &CreateBackupRequest::backup_name});
  }
};

struct CreateBackupResponse {
  BackupDetails backup_details;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BackupDetails", &CreateBackupResponse::backup_details});
  }
};

// Takes no time, however large the table: the backup shares the table's items. The answer says
// CREATING, as on AWS; DescribeBackup says AVAILABLE from then on.
struct CreateBackup : WithoutPlan {
  static constexpr std::string_view kName = "CreateBackup";
  static constexpr Wording kWording{};
  using Request = CreateBackupRequest;
  using Response = CreateBackupResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
