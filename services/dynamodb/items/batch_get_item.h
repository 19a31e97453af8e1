// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
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

struct KeysAndAttributes {
  std::vector<Item> keys;
  std::optional<bool> consistent_read;
  std::optional<std::string> projection_expression;
  std::optional<NameMap> expression_attribute_names;
  std::optional<std::vector<std::string>> attributes_to_get;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"Keys", &KeysAndAttributes::keys},
        Field{"ConsistentRead", &KeysAndAttributes::consistent_read},
        Field{"ProjectionExpression", &KeysAndAttributes::projection_expression},
        Field{"ExpressionAttributeNames", &KeysAndAttributes::expression_attribute_names},
        Field{"AttributesToGet", &KeysAndAttributes::attributes_to_get});
  }
};

struct BatchGetItemRequest {
  MapOf<KeysAndAttributes> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  // A fault in a value of one of the keys; see CheckSubstitutions.
  std::optional<ApiError> value_fault;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"RequestItems", &BatchGetItemRequest::request_items},
        Field{"ReturnConsumedCapacity", &BatchGetItemRequest::return_consumed_capacity});
  }
};

struct BatchGetItemResponse {
  MapOf<std::vector<Item>> responses;
  MapOf<KeysAndAttributes> unprocessed_keys;
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Responses", &BatchGetItemResponse::responses},
                           Field{"UnprocessedKeys", &BatchGetItemResponse::unprocessed_keys},
                           Field{"ConsumedCapacity", &BatchGetItemResponse::consumed_capacity});
  }
};

// The answer has a table's items in the order of the request's keys. UnprocessedKeys has the keys
// from the first item on that would take the answer over 16 MB.
struct BatchGetItem {
  static constexpr std::string_view kName = "BatchGetItem";
  static constexpr Wording kWording{};
  static constexpr ParameterMix kParameterMix{.within = "RequestItems",
                                              .legacy = {"AttributesToGet"},
                                              .expressions = {"ProjectionExpression"}};
  using Request = BatchGetItemRequest;
  using Response = BatchGetItemResponse;
  struct Plan {
    std::vector<std::optional<expression::Projection>> projections;  // one per table
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
