// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
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

struct UntagResourceRequest {
  std::optional<std::string> resource_arn;
  std::optional<std::vector<std::string>> tag_keys;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ResourceArn", &UntagResourceRequest::resource_arn},
                           Field{"TagKeys", &UntagResourceRequest::tag_keys});
  }
};

// Ignores keys that the resource does not have.
struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  static constexpr Wording kWording{};
  using Request = UntagResourceRequest;
  using Response = NoContent;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
