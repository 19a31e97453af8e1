// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/items/item_collection_metrics.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

struct PutRequest {
  Item item;
  static constexpr auto Fields() { return std::make_tuple(Field{"Item", &PutRequest::item}); }
};

struct DeleteRequest {
  Item key;
  static constexpr auto Fields() { return std::make_tuple(Field{"Key", &DeleteRequest::key}); }
};

struct WriteRequest {
  std::optional<PutRequest> put_request;
  std::optional<DeleteRequest> delete_request;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"PutRequest", &WriteRequest::put_request},
                           Field{"DeleteRequest", &WriteRequest::delete_request});
  }
};

struct BatchWriteItemRequest {
  MapOf<std::vector<WriteRequest>> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"RequestItems", &BatchWriteItemRequest::request_items},
        Field{"ReturnConsumedCapacity", &BatchWriteItemRequest::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics",
              &BatchWriteItemRequest::return_item_collection_metrics});
  }
};

struct BatchWriteItemResponse {
  MapOf<std::vector<WriteRequest>> unprocessed_items;
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  std::optional<MapOf<std::vector<ItemCollectionMetrics>>> item_collection_metrics;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"UnprocessedItems", &BatchWriteItemResponse::unprocessed_items},
        Field{"ConsumedCapacity", &BatchWriteItemResponse::consumed_capacity},
        Field{"ItemCollectionMetrics", &BatchWriteItemResponse::item_collection_metrics});
  }
};

// Every write is checked before the first is carried out; then each succeeds or fails by itself.
// UnprocessedItems has only writes whose item a held transaction holds, as nothing is throttled.
struct BatchWriteItem {
  static constexpr std::string_view kName = "BatchWriteItem";
  static constexpr Wording kWording{.value_texts = protocol::ValueTexts::kOlder};
  using Request = BatchWriteItemRequest;
  using Response = BatchWriteItemResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
