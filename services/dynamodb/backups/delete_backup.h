// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/backups/backup_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DeleteBackupRequest {
  std::string backup_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"BackupArn", &DeleteBackupRequest::backup_arn});
  }
};

struct DeleteBackup : WithoutPlan {
  static constexpr std::string_view kName = "DeleteBackup";
  static constexpr Wording kWording{};
  using Request = DeleteBackupRequest;
  using Response = BackupDescriptionResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
