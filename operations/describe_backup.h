// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html
#pragma once

#include <string>
#include <tuple>

#include "operations/backup_members.h"
#include "operations/database.h"
#include "operations/operation.h"

namespace weir::operations {

struct DescribeBackupRequest {
  std::string backup_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BackupArn", &DescribeBackupRequest::backup_arn});
  }
};

struct DescribeBackup {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DescribeBackup";
  using Request = DescribeBackupRequest;
  using Response = BackupDescriptionResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
