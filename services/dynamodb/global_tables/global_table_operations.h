// SPDX-License-Identifier: Apache-2.0
// Global tables of the first version (2017.11.29), and auto scaling of replicas. There are no
// global tables here: creating one is refused, as on AWS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateGlobalTable.html
struct CreateGlobalTableRequest {
  std::string global_table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &CreateGlobalTableRequest::global_table_name});
  }
};

struct CreateGlobalTableResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &CreateGlobalTableResponse::global_table_name});
  }
};

// Always refused, in AWS's words: AWS no longer creates global tables of this version.
struct CreateGlobalTable : WithoutPlan {
  static constexpr std::string_view kName = "CreateGlobalTable";
  static constexpr Wording kWording{};
  using Request = CreateGlobalTableRequest;
  using Response = CreateGlobalTableResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html
struct DescribeGlobalTableRequest {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableRequest::global_table_name});
  }
};

struct DescribeGlobalTableResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableResponse::global_table_name});
  }
};

// Always GlobalTableNotFoundException, since CreateGlobalTable is refused.
struct DescribeGlobalTable : WithoutPlan {
  static constexpr std::string_view kName = "DescribeGlobalTable";
  static constexpr Wording kWording{};
  using Request = DescribeGlobalTableRequest;
  using Response = DescribeGlobalTableResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTableSettings.html
struct DescribeGlobalTableSettingsRequest {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableSettingsRequest::global_table_name});
  }
};

struct DescribeGlobalTableSettingsResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &DescribeGlobalTableSettingsResponse::global_table_name});
  }
};

// Always GlobalTableNotFoundException, since CreateGlobalTable is refused.
struct DescribeGlobalTableSettings {
  static constexpr std::string_view kName = "DescribeGlobalTableSettings";
  static constexpr Wording kWording{};
  using Request = DescribeGlobalTableSettingsRequest;
  using Response = DescribeGlobalTableSettingsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTableReplicaAutoScaling.html
struct DescribeTableReplicaAutoScalingRequest {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &DescribeTableReplicaAutoScalingRequest::table_name});
  }
};

struct DescribeTableReplicaAutoScalingResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &DescribeTableReplicaAutoScalingResponse::table_name});
  }
};

// Only global tables have it, as on AWS, so an existing table gets ResourceNotFoundException, too.
struct DescribeTableReplicaAutoScaling {
  static constexpr std::string_view kName = "DescribeTableReplicaAutoScaling";
  static constexpr Wording kWording{};
  using Request = DescribeTableReplicaAutoScalingRequest;
  using Response = DescribeTableReplicaAutoScalingResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListGlobalTables.html
struct ListGlobalTablesRequest {
  std::optional<std::string> exclusive_start_global_table_name;
  std::optional<std::int64_t> limit;
  std::optional<std::string> region_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExclusiveStartGlobalTableName",
                                 &ListGlobalTablesRequest::exclusive_start_global_table_name},
                           Field{"Limit", &ListGlobalTablesRequest::limit},
                           Field{"RegionName", &ListGlobalTablesRequest::region_name});
  }
};

struct ListGlobalTablesResponse {
  std::vector<std::string> global_tables;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTables", &ListGlobalTablesResponse::global_tables});
  }
};

// Always an empty list, since CreateGlobalTable is refused.
struct ListGlobalTables : WithoutPlan {
  static constexpr std::string_view kName = "ListGlobalTables";
  static constexpr Wording kWording{};
  using Request = ListGlobalTablesRequest;
  using Response = ListGlobalTablesResponse;
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTable.html
struct ReplicaUpdate {
  std::optional<Presence> create;
  std::optional<Presence> remove;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Create", &ReplicaUpdate::create},
                           Field{"Delete", &ReplicaUpdate::remove});
  }
};

struct UpdateGlobalTableRequest {
  std::string global_table_name;
  std::vector<ReplicaUpdate> replica_updates;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &UpdateGlobalTableRequest::global_table_name},
                           Field{"ReplicaUpdates", &UpdateGlobalTableRequest::replica_updates});
  }
};

struct UpdateGlobalTableResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"GlobalTableName", &UpdateGlobalTableResponse::global_table_name});
  }
};

// Always fails: adding a replica is refused, as CreateGlobalTable is, and there is no global table
// to remove one from.
struct UpdateGlobalTable {
  static constexpr std::string_view kName = "UpdateGlobalTable";
  static constexpr Wording kWording{};
  using Request = UpdateGlobalTableRequest;
  using Response = UpdateGlobalTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTableSettings.html
struct UpdateGlobalTableSettingsRequest {
  std::string global_table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &UpdateGlobalTableSettingsRequest::global_table_name});
  }
};

struct UpdateGlobalTableSettingsResponse {
  std::string global_table_name;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"GlobalTableName", &UpdateGlobalTableSettingsResponse::global_table_name});
  }
};

// Always GlobalTableNotFoundException, since CreateGlobalTable is refused.
struct UpdateGlobalTableSettings {
  static constexpr std::string_view kName = "UpdateGlobalTableSettings";
  static constexpr Wording kWording{};
  using Request = UpdateGlobalTableSettingsRequest;
  using Response = UpdateGlobalTableSettingsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
struct UpdateTableReplicaAutoScalingRequest {
  std::string table_name;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateTableReplicaAutoScalingRequest::table_name});
  }
};

struct UpdateTableReplicaAutoScalingResponse {
  std::string table_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &UpdateTableReplicaAutoScalingResponse::table_name});
  }
};

// Only global tables have it, so an existing table gets ResourceNotFoundException, too.
struct UpdateTableReplicaAutoScaling {
  static constexpr std::string_view kName = "UpdateTableReplicaAutoScaling";
  static constexpr Wording kWording{};
  using Request = UpdateTableReplicaAutoScalingRequest;
  using Response = UpdateTableReplicaAutoScalingResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
