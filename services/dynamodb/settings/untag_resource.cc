// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/untag_resource.h"

#include "services/dynamodb/settings/tagged_resource.h"

namespace weir::dynamodb {

Result<UntagResource::Plan> UntagResource::Validate(const Request& request) {
  if (!request.resource_arn.has_value()) {
    return ValidationError("Invalid TableArn");
  }
  WEIR_RETURN_IF_ERROR(ParseResourceArn(*request.resource_arn));
  if (request.tag_keys.value_or(std::vector<std::string>()).empty()) {
    return ValidationError("Atleast one Tag Key needs to be provided as Input.");
  }
  WEIR_RETURN_IF_ERROR(CheckTagKeys(*request.tag_keys));
  return Plan{};
}

Result<UntagResource::Response> UntagResource::Execute(Context& context, const Request& request,
                                                       const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(*request.resource_arn));
  const auto remove = [&](storage::Tags& tags) -> Status {
    for (const std::string& key : *request.tag_keys) {
      tags.erase(key);
    }
    return {};
  };
  WEIR_RETURN_IF_ERROR(ChangeTags(context.database, *request.resource_arn, resource, remove));
  return NoContent{};
}

}  // namespace weir::dynamodb
