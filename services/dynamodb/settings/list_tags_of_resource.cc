// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/settings/list_tags_of_resource.h"

#include "services/dynamodb/settings/tagged_resource.h"

namespace weir::dynamodb {

Result<ListTagsOfResource::Plan> ListTagsOfResource::Validate(const Request& request) {
  if (!request.resource_arn.has_value()) {
    return ValidationError("Invalid TableArn");
  }
  WEIR_RETURN_IF_ERROR(ParseResourceArn(*request.resource_arn));
  return Plan{};
}

Result<ListTagsOfResource::Response> ListTagsOfResource::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& /*plan*/) {
  WEIR_ASSIGN_OR_RETURN(const ResourceArn resource, ParseResourceArn(*request.resource_arn));
  WEIR_ASSIGN_OR_RETURN(const storage::TablePtr table,
                        FindTagged(context.database, *request.resource_arn, resource));
  const storage::TableMetadataPtr metadata = table->metadata();
  const auto settings = metadata->settings.resources.find(resource.suffix());
  Response response;
  if (settings != metadata->settings.resources.end()) {
    for (const auto& [key, value] : settings->second.tags) {
      response.tags.push_back({key, value});
    }
  }
  return response;
}

}  // namespace weir::dynamodb
