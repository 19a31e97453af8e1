// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html
#pragma once

#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct ImportTableRequest {
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() { return std::make_tuple(); }
};

struct ImportTableResponse {
  std::string import_arn;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ImportArn", &ImportTableResponse::import_arn});
  }
};

// Refused: Weir has no S3 yet.
struct ImportTable {
  static constexpr std::string_view kName = "ImportTable";
  static constexpr Wording kWording{};
  using Request = ImportTableRequest;
  using Response = ImportTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
