// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeImportRequest {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &DescribeImportRequest::import_arn});
  }
};

struct DescribeImportResponse {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &DescribeImportResponse::import_arn});
  }
};

// There is none: see ImportTable.
struct DescribeImport {
  static constexpr std::string_view kName = "DescribeImport";
  static constexpr Wording kWording{};
  using Request = DescribeImportRequest;
  using Response = DescribeImportResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
