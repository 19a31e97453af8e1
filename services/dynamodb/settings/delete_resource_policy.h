// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DeleteResourcePolicyRequest {
  std::string resource_arn;
  std::optional<std::string> expected_revision_id;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ResourceArn", &DeleteResourcePolicyRequest::resource_arn},
        Field{"ExpectedRevisionId", &DeleteResourcePolicyRequest::expected_revision_id});
  }
};

struct DeleteResourcePolicyResponse {
  std::optional<std::string> revision_id;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"RevisionId", &DeleteResourcePolicyResponse::revision_id});
  }
};

// Answers the revision id of the policy that it deletes. If there is no policy, answers the id of
// the last deletion, or nothing if the resource never had a policy.
struct DeleteResourcePolicy {
  static constexpr std::string_view kName = "DeleteResourcePolicy";
  static constexpr Wording kWording{};
  using Request = DeleteResourcePolicyRequest;
  using Response = DeleteResourcePolicyResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
