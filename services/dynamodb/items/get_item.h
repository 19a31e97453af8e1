// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "expression/projection.h"
#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct GetItemRequest {
  std::string table_name;
  Item key;
  std::optional<bool> consistent_read;
  std::optional<std::string> projection_expression;
  std::optional<NameMap> expression_attribute_names;
  std::optional<std::vector<std::string>> attributes_to_get;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  // A fault in a value of the item or key; see CheckSubstitutions.
  std::optional<ApiError> value_fault;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &GetItemRequest::table_name}, Field{"Key", &GetItemRequest::key},
        Field{"ConsistentRead", &GetItemRequest::consistent_read},
        Field{"ProjectionExpression", &GetItemRequest::projection_expression},
        Field{"ExpressionAttributeNames", &GetItemRequest::expression_attribute_names},
        Field{"AttributesToGet", &GetItemRequest::attributes_to_get},
        Field{"ReturnConsumedCapacity", &GetItemRequest::return_consumed_capacity});
  }
};

struct GetItemResponse {
  Item item;
  std::optional<ConsumedCapacity> consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ConsumedCapacity", &GetItemResponse::consumed_capacity},
                           Field{"Item", &GetItemResponse::item});
  }
};

struct GetItem {
  static constexpr std::string_view kName = "GetItem";
  static constexpr Wording kWording{};
  static constexpr ParameterMix kParameterMix{.legacy = {"AttributesToGet"},
                                              .expressions = {"ProjectionExpression"}};
  using Request = GetItemRequest;
  using Response = GetItemResponse;
  struct Plan {
    std::optional<expression::Projection> projection;
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
