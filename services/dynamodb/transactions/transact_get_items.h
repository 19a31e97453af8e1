// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "expression/projection.h"
#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/transactions/transaction_actions.h"

namespace weir::dynamodb {

struct TransactGet {
  std::string table_name;
  Item key;
  std::optional<std::string> projection_expression;
  std::optional<NameMap> expression_attribute_names;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TableName", &TransactGet::table_name}, Field{"Key", &TransactGet::key},
        Field{"ProjectionExpression", &TransactGet::projection_expression},
        Field{"ExpressionAttributeNames", &TransactGet::expression_attribute_names});
  }
};

struct TransactGetItem {
  TransactGet get;
  static constexpr auto Fields() { return std::make_tuple(Field{"Get", &TransactGetItem::get}); }
};

struct TransactGetItemsRequest {
  std::vector<TransactGetItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"TransactItems", &TransactGetItemsRequest::transact_items},
        Field{"ReturnConsumedCapacity", &TransactGetItemsRequest::return_consumed_capacity});
  }
};

// What one action read. `item` is empty if there is nothing to show.
struct ItemResponse {
  Item item;
  static constexpr auto Fields() { return std::make_tuple(Field{"Item", &ItemResponse::item}); }
};

struct TransactGetItemsResponse {
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  std::vector<ItemResponse> responses;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ConsumedCapacity", &TransactGetItemsResponse::consumed_capacity},
                           Field{"Responses", &TransactGetItemsResponse::responses});
  }
};

struct TransactGetItems {
  static constexpr std::string_view kName = "TransactGetItems";
  static constexpr Wording kWording{.value_texts = protocol::ValueTexts::kOlder};
  using Request = TransactGetItemsRequest;
  using Response = TransactGetItemsResponse;
  struct Plan {
    std::vector<std::optional<expression::Projection>> projections;  // one per action
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
