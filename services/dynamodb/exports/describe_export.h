// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct DescribeExportRequest {
  std::string export_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportArn", &DescribeExportRequest::export_arn});
  }
};

struct DescribeExportResponse {
  std::string export_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ExportArn", &DescribeExportResponse::export_arn});
  }
};

// There is none: see ExportTableToPointInTime.
struct DescribeExport {
  static constexpr std::string_view kName = "DescribeExport";
  static constexpr Wording kWording{};
  using Request = DescribeExportRequest;
  using Response = DescribeExportResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
