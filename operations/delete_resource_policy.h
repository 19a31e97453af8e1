// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/operation.h"

namespace weir::operations {

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

// Answers the revision that it took away, or nothing when there was none.
struct DeleteResourcePolicy {
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DeleteResourcePolicy";
  using Request = DeleteResourcePolicyRequest;
  using Response = DeleteResourcePolicyResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
