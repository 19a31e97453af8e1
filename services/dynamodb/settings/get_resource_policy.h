// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct GetResourcePolicyRequest {
  std::string resource_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ResourceArn", &GetResourcePolicyRequest::resource_arn});
  }
};

struct GetResourcePolicyResponse {
  std::string policy;
  std::string revision_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Policy", &GetResourcePolicyResponse::policy},
                           Field{"RevisionId", &GetResourcePolicyResponse::revision_id});
  }
};

// The document in its canonical form, as on AWS.
struct GetResourcePolicy {
  static constexpr std::string_view kName = "GetResourcePolicy";
  static constexpr Wording kWording{};
  using Request = GetResourcePolicyRequest;
  using Response = GetResourcePolicyResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
