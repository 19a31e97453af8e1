// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/encryption.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

struct RestoreTableFromBackupRequest {
  std::string target_table_name;
  std::string backup_arn;
  std::optional<storage::BillingMode> billing_mode_override;
  std::optional<std::vector<GlobalSecondaryIndex>> global_secondary_index_override;
  std::optional<std::vector<LocalSecondaryIndex>> local_secondary_index_override;
  std::optional<OnDemandThroughput> on_demand_throughput_override;
  std::optional<ProvisionedThroughput> provisioned_throughput_override;
  std::optional<SseSpecification> sse_specification_override;
  static constexpr auto Fields() {
    using Self = RestoreTableFromBackupRequest;
    return std::make_tuple(
        Field{"TargetTableName", &Self::target_table_name}, Field{"BackupArn", &Self::backup_arn},
        Field{"BillingModeOverride", &Self::billing_mode_override},
        Field{"GlobalSecondaryIndexOverride", &Self::global_secondary_index_override},
        Field{"LocalSecondaryIndexOverride", &Self::local_secondary_index_override},
        Field{"OnDemandThroughputOverride", &Self::on_demand_throughput_override},
        Field{"ProvisionedThroughputOverride", &Self::provisioned_throughput_override},
        Field{"SSESpecificationOverride", &Self::sse_specification_override});
  }
};

// The new table shares the backup's items. It is CREATING until its indexes are built.
struct RestoreTableFromBackup {
  static constexpr std::string_view kName = "RestoreTableFromBackup";
  static constexpr Wording kWording{};
  using Request = RestoreTableFromBackupRequest;
  using Response = TableDescriptionResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
