// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
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

struct TagResourceRequest {
  std::optional<std::string> resource_arn;
  std::optional<std::vector<Tag>> tags;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ResourceArn", &TagResourceRequest::resource_arn},
                           Field{"Tags", &TagResourceRequest::tags});
  }
};

// Adds all tags of the request, or none of them if it fails.
struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  static constexpr Wording kWording{};
  using Request = TagResourceRequest;
  using Response = NoContent;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
