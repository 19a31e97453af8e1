// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct SearchVectorsRequest {
  std::string table_name;
  std::string index_name;
  std::int64_t top_k = 0;
  static constexpr bool kTakesOthers = true;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TableName", &SearchVectorsRequest::table_name},
                           Field{"IndexName", &SearchVectorsRequest::index_name},
                           Field{"TopK", &SearchVectorsRequest::top_k});
  }
};

struct SearchVectorsResponse {
  std::string index_name;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"IndexName", &SearchVectorsResponse::index_name});
  }
};

// Always fails with the error for a missing index: CreateTable and UpdateTable refuse vector
// indexes.
struct SearchVectors {
  static constexpr std::string_view kName = "SearchVectors";
  static constexpr Wording kWording{};
  using Request = SearchVectorsRequest;
  using Response = SearchVectorsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
