// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/tags.h"
#include "services/dynamodb/tables/table_members.h"

namespace weir::dynamodb {

struct CreateTableRequest {
  std::string table_name;
  std::vector<AttributeDefinition> attribute_definitions;
  std::vector<KeySchemaElement> key_schema;
  std::optional<std::vector<GlobalSecondaryIndex>> global_secondary_indexes;
  std::optional<std::vector<LocalSecondaryIndex>> local_secondary_indexes;
  std::optional<storage::BillingMode> billing_mode;
  std::optional<storage::BillingMode> table_throughput_mode;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<StreamSpecification> stream_specification;
  std::optional<SseSpecification> sse_specification;
  std::optional<std::vector<Tag>> tags;
  std::optional<storage::TableClass> table_class;
  std::optional<bool> deletion_protection_enabled;
  std::optional<WarmThroughput> warm_throughput;
  std::optional<PolicyDocument> resource_policy;
  std::optional<OnDemandThroughput> on_demand_throughput;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &CreateTableRequest::table_name},
        Field{"AttributeDefinitions", &CreateTableRequest::attribute_definitions},
        Field{"KeySchema", &CreateTableRequest::key_schema},
        Field{"GlobalSecondaryIndexes", &CreateTableRequest::global_secondary_indexes},
        Field{"LocalSecondaryIndexes", &CreateTableRequest::local_secondary_indexes},
        Field{"BillingMode", &CreateTableRequest::billing_mode},
        Field{"TableThroughputMode", &CreateTableRequest::table_throughput_mode},
        Field{"ProvisionedThroughput", &CreateTableRequest::provisioned_throughput},
        Field{"StreamSpecification", &CreateTableRequest::stream_specification},
        Field{"SSESpecification", &CreateTableRequest::sse_specification},
        Field{"Tags", &CreateTableRequest::tags},
        Field{"TableClass", &CreateTableRequest::table_class},
        Field{"DeletionProtectionEnabled", &CreateTableRequest::deletion_protection_enabled},
        Field{"WarmThroughput", &CreateTableRequest::warm_throughput},
        Field{"ResourcePolicy", &CreateTableRequest::resource_policy},
        Field{"OnDemandThroughput", &CreateTableRequest::on_demand_throughput});
  }
  // The billing mode. AWS also takes it by the name TableThroughputMode, which is in no published
  // model; if both are given, BillingMode decides (measured on AWS in August 2026).
  [[nodiscard]] std::optional<storage::BillingMode> mode() const {
    return billing_mode.has_value() ? billing_mode : table_throughput_mode;
  }
};

// The metadata of a table that is created now: its name, id, ARN, creation time and state. The rest
// is left to the caller.
storage::TableMetadata NewTable(const Context& context, std::string_view name_or_arn);

// The answer says CREATING, as on AWS, and so does DescribeTable until TransitionTimes::creation is
// over.
struct CreateTable {
  static constexpr std::string_view kName = "CreateTable";
  static constexpr Wording kWording{};
  using Request = CreateTableRequest;
  using Response = TableDescriptionResponse;
  struct Plan {
    KeySchema keys;
    std::vector<storage::IndexDefinition> indexes;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
