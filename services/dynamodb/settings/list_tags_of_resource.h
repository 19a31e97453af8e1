// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/settings/tags.h"

namespace weir::dynamodb {

struct ListTagsOfResourceRequest {
  std::optional<std::string> resource_arn;
  std::optional<std::string> next_token;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ResourceArn", &ListTagsOfResourceRequest::resource_arn},
                           Field{"NextToken", &ListTagsOfResourceRequest::next_token});
  }
};

struct ListTagsOfResourceResponse {
  std::vector<Tag> tags;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Tags", &ListTagsOfResourceResponse::tags});
  }
};

// All tags of a resource fit on one page, as on AWS. So there is no next page, and NextToken is
// ignored.
struct ListTagsOfResource {
  static constexpr std::string_view kName = "ListTagsOfResource";
  static constexpr Wording kWording{};
  using Request = ListTagsOfResourceRequest;
  using Response = ListTagsOfResourceResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
