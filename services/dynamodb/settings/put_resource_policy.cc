// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/put_resource_policy.h"

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/settings/resource_policies.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {

Result<PutResourcePolicy::Plan> PutResourcePolicy::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(ParseResourceArn(request.resource_arn));
  if (request.policy.fault.has_value()) {
    return *request.policy.fault;
  }
  if (request.policy.locks_out && !request.confirm_remove_self_resource_access.value_or(false)) {
    return MakeError(ErrorCode::kAccessDenied,
                     "The new resource policy will not allow you to update the resource policy in "
                     "the future.");
  }
  return Plan{};
}

Result<PutResourcePolicy::Response> PutResourcePolicy::Execute(Context& context,
                                                               const Request& request,
                                                               const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(request.resource_arn));
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table, FindPolicyTable(database, resource));
  const Micros now = database.clock().Now();
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->metadata(), now));
  Response response;
  const auto put = [&](storage::TableMetadata& metadata) -> Status {
    storage::ResourceSettings& settings = metadata.settings.resources[resource.suffix()];
    std::optional<storage::ResourcePolicy>& policy = settings.policy;
    WEIR_RETURN_IF_ERROR(CheckRevision(request.expected_revision_id, policy, resource.table_name));
    if (!policy.has_value() || policy->document != request.policy.text) {
      settings.last_revision = NewRevisionId(now, settings.last_revision);
      policy = {request.policy.text, settings.last_revision};
    }
    response.revision_id = policy->revision_id;
    return {};
  };
  WEIR_RETURN_IF_ERROR(WordedForControl(table->Alter(put), resource.table_name));
  return response;
}

}  // namespace weir::dynamodb
