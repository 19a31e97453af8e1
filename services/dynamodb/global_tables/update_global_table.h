// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateGlobalTable.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/global_tables/global_table_members.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

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

// There is no table to take replicas from, and none can be added.
struct UpdateGlobalTable {
  static constexpr std::string_view kName = "UpdateGlobalTable";
  static constexpr Wording kWording{};
  using Request = UpdateGlobalTableRequest;
  using Response = UpdateGlobalTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
