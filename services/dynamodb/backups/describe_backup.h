// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeBackupRequest {
  std::string backup_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BackupArn", &DescribeBackupRequest::backup_arn});
  }
};

struct DescribeBackup : WithoutPlan {
  static constexpr std::string_view kName = "DescribeBackup";
  static constexpr Wording kWording{};
  using Request = DescribeBackupRequest;
  using Response = BackupDescriptionResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
