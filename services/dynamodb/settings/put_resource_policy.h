// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct PutResourcePolicyRequest {
  std::string resource_arn;
  PolicyDocument policy;
  std::optional<std::string> expected_revision_id;
  std::optional<bool> confirm_remove_self_resource_access;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ResourceArn", &PutResourcePolicyRequest::resource_arn},
        Field{"Policy", &PutResourcePolicyRequest::policy},
        Field{"ExpectedRevisionId", &PutResourcePolicyRequest::expected_revision_id},
        Field{"ConfirmRemoveSelfResourceAccess",
              &PutResourcePolicyRequest::confirm_remove_self_resource_access});
  }
};

struct PutResourcePolicyResponse {
  std::string revision_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"RevisionId", &PutResourcePolicyResponse::revision_id});
  }
};

// A document that equals the resource's current one changes nothing, so the revision id stays.
struct PutResourcePolicy {
  static constexpr std::string_view kName = "PutResourcePolicy";
  static constexpr Wording kWording{};
  using Request = PutResourcePolicyRequest;
  using Response = PutResourcePolicyResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
