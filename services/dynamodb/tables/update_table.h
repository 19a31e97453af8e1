// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/database.h"
#include "services/dynamodb/indexes/update_table_indexes.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

struct UpdateTableRequest {
  std::string table_name;
  // Used only together with a new index, as on AWS.
  std::optional<std::vector<AttributeDefinition>> attribute_definitions;
  std::optional<storage::BillingMode> billing_mode;
  std::optional<storage::BillingMode> table_throughput_mode;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<std::vector<GlobalSecondaryIndexUpdate>> global_secondary_index_updates;
  std::optional<StreamSpecification> stream_specification;
  std::optional<SseSpecification> sse_specification;
  std::optional<storage::TableClass> table_class;
  std::optional<bool> deletion_protection_enabled;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
  static constexpr auto Fields() {
    using Self = UpdateTableRequest;
    return std::make_tuple(
        Field{"TableName", &Self::table_name},
        Field{"AttributeDefinitions", &Self::attribute_definitions},
        Field{"BillingMode", &Self::billing_mode},
        Field{"TableThroughputMode", &Self::table_throughput_mode},
        Field{"ProvisionedThroughput", &Self::provisioned_throughput},
        Field{"GlobalSecondaryIndexUpdates", &Self::global_secondary_index_updates},
        Field{"StreamSpecification", &Self::stream_specification},
        Field{"SSESpecification", &Self::sse_specification},
        Field{"TableClass", &Self::table_class},
        Field{"DeletionProtectionEnabled", &Self::deletion_protection_enabled},
        Field{"OnDemandThroughput", &Self::on_demand_throughput},
        Field{"WarmThroughput", &Self::warm_throughput});
  }
  // The billing mode. AWS also takes it by the name TableThroughputMode, which is in no published
  // model; if both are given, BillingMode decides (measured on AWS in August 2026).
  [[nodiscard]] std::optional<storage::BillingMode> mode() const {
    return billing_mode.has_value() ? billing_mode : table_throughput_mode;
  }
};

// Most changes need a call of their own; a billing mode, throughput, limits, a stream and indexes
// go together in part, as on AWS. The answer says UPDATING even if the change is already complete,
// and has the figures from before it where AWS gives those.
struct UpdateTable {
  static constexpr std::string_view kName = "UpdateTable";
  static constexpr Wording kWording{};
  using Request = UpdateTableRequest;
  using Response = TableDescriptionResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
