// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "operations/database.h"
#include "operations/online_indexes.h"
#include "operations/operation.h"
#include "operations/table_members.h"

namespace weir::operations {

struct UpdateTableRequest {
  std::string table_name;
  std::optional<StreamSpecification> stream_specification;
  std::optional<bool> deletion_protection_enabled;
  // Known for what they must not be combined with; refused otherwise.
  std::optional<Presence> billing_mode;
  std::optional<Presence> provisioned_throughput;
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::optional<std::vector<GlobalSecondaryIndexUpdate>> global_secondary_index_updates;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &UpdateTableRequest::table_name},
        Field{"StreamSpecification", &UpdateTableRequest::stream_specification},
        Field{"DeletionProtectionEnabled", &UpdateTableRequest::deletion_protection_enabled},
        Field{"BillingMode", &UpdateTableRequest::billing_mode},
        Field{"ProvisionedThroughput", &UpdateTableRequest::provisioned_throughput},
        Field{"AttributeDefinitions", &UpdateTableRequest::attribute_definitions},
        Field{"GlobalSecondaryIndexUpdates", &UpdateTableRequest::global_secondary_index_updates});
  }
};

// Switches the stream on or off between two writes, or deletion protection. The answer says
// UPDATING, as on AWS, the next DescribeTable ACTIVE.
struct UpdateTable {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "UpdateTable";
  using Request = UpdateTableRequest;
  using Response = TableDescriptionResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
