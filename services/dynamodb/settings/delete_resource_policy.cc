// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/delete_resource_policy.h"

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/settings/resource_policies.h"
#include "services/dynamodb/tables/table_state.h"

namespace weir::dynamodb {

Result<DeleteResourcePolicy::Plan> DeleteResourcePolicy::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(ParseResourceArn(request.resource_arn));
  return Plan{};
}

Result<DeleteResourcePolicy::Response> DeleteResourcePolicy::Execute(Context& context,
                                                                     const Request& request,
                                                                     const Plan& /*plan*/) {
  Database& database = context.database;
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(request.resource_arn));
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table, FindPolicyTable(database, resource));
  const Micros now = database.clock().Now();
  WEIR_RETURN_IF_ERROR(CheckChangeable(*table->metadata(), now));
  Response response;
  const auto remove = [&](storage::TableMetadata& metadata) -> Status {
    storage::ResourceSettings& settings = metadata.settings.resources[resource.suffix()];
    std::optional<storage::ResourcePolicy>& policy = settings.policy;
    WEIR_RETURN_IF_ERROR(CheckRevision(request.expected_revision_id, policy, resource.table_name));
    if (policy.has_value()) {
      response.revision_id = policy->revision_id;
      settings.last_revision = NewRevisionId(now, settings.last_revision);
      policy.reset();
    } else if (!settings.last_revision.empty()) {
      response.revision_id = settings.last_revision;  // that of the last deletion (observed on AWS)
    }
    return {};
  };
  WEIR_RETURN_IF_ERROR(WordedForControl(table->Alter(remove), resource.table_name));
  return response;
}

}  // namespace weir::dynamodb
