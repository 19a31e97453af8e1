// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/tag_resource.h"

#include "services/dynamodb/settings/tagged_resource.h"

namespace weir::dynamodb {

Result<TagResource::Plan> TagResource::Validate(const Request& request) {
  if (!request.resource_arn.has_value()) {
    return ValidationError("Invalid TableArn");
  }
  WEIR_RETURN_IF_ERROR(ParseResourceArn(*request.resource_arn));
  if (request.tags.value_or(std::vector<Tag>()).empty()) {
    return ValidationError("Atleast one Tag needs to be provided as Input.");
  }
  WEIR_RETURN_IF_ERROR(CheckTags(*request.tags));
  return Plan{};
}

Result<TagResource::Response> TagResource::Execute(Context& context, const Request& request,
                                                   const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(*request.resource_arn));
  const auto add = [&](storage::Tags& tags) { return AddTags(*request.tags, tags); };
  WEIR_RETURN_IF_ERROR(ChangeTags(context.database, *request.resource_arn, resource, add));
  return NoContent{};
}

}  // namespace weir::dynamodb
