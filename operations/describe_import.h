// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html
#pragma once

#include <string>
#include <tuple>

#include "operations/database.h"
#include "operations/fields.h"
#include "operations/operation.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "DescribeImport";
  using Request = DescribeImportRequest;
  using Response = DescribeImportResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
