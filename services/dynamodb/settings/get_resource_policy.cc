// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/get_resource_policy.h"

#include "services/dynamodb/settings/resource_policies.h"

namespace weir::dynamodb {

Result<GetResourcePolicy::Plan> GetResourcePolicy::Validate(const Request& request) {
  WEIR_RETURN_IF_ERROR(ParseResourceArn(request.resource_arn));
  return Plan{};
}

Result<GetResourcePolicy::Response> GetResourcePolicy::Execute(Context& context,
                                                               const Request& request,
                                                               const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(request.resource_arn));
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table, FindPolicyTable(context.database, resource));
  const storage::TableMetadataPtr metadata = table->metadata();
  const auto settings = metadata->settings.resources.find(resource.suffix());
  if (settings == metadata->settings.resources.end() || !settings->second.policy.has_value()) {
    return PolicyNotFound(request.resource_arn);
  }
  return Response{settings->second.policy->document, settings->second.policy->revision_id};
}

}  // namespace weir::dynamodb
