// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
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
#include "services/dynamodb/items/write_mutations.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/transactions/transaction_actions.h"

namespace weir::dynamodb {

// The members that all four kinds of action have.
struct TransactMembers {
  std::string table_name;
  std::optional<std::string> condition_expression;
  std::optional<NameMap> expression_attribute_names;
  ExpressionValues expression_attribute_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  static constexpr auto Fields() {
    using Self = TransactMembers;
    return std::make_tuple(Field{"TableName", &Self::table_name},
                           Field{"ConditionExpression", &Self::condition_expression},
                           Field{"ExpressionAttributeNames", &Self::expression_attribute_names},
                           Field{"ExpressionAttributeValues", &Self::expression_attribute_values},
                           Field{"ReturnValuesOnConditionCheckFailure",
                                 &Self::return_values_on_condition_check_failure});
  }
};

struct TransactPut : TransactMembers {
  CheckedItem item;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"Item", &TransactPut::item}),
                          TransactMembers::Fields());
  }
};

// A Delete or a ConditionCheck.
struct TransactKeyed : TransactMembers {
  CheckedItem key;
  static constexpr auto Fields() {
    return std::tuple_cat(std::make_tuple(Field{"Key", &TransactKeyed::key}),
                          TransactMembers::Fields());
  }
};

struct TransactUpdate : TransactKeyed {
  std::string update_expression;
  static constexpr auto Fields() {
    return std::tuple_cat(
        std::make_tuple(Field{"UpdateExpression", &TransactUpdate::update_expression}),
        TransactKeyed::Fields());
  }
};

struct TransactWriteItem {
  std::optional<TransactKeyed> condition_check;
  std::optional<TransactPut> put;
  std::optional<TransactKeyed> delete_;
  std::optional<TransactUpdate> update;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"ConditionCheck", &TransactWriteItem::condition_check},
                           Field{"Put", &TransactWriteItem::put},
                           Field{"Delete", &TransactWriteItem::delete_},
                           Field{"Update", &TransactWriteItem::update});
  }
  // The common members of the one action that is set.
  [[nodiscard]] const TransactMembers& members() const;
  // The item of a Put, else the key.
  [[nodiscard]] const CheckedItem& item_or_key() const;
};

struct TransactWriteItemsRequest {
  std::vector<TransactWriteItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  std::optional<std::string> client_request_token;
  static constexpr auto Fields() {
    using Self = TransactWriteItemsRequest;
    return std::make_tuple(
        Field{"TransactItems", &Self::transact_items},
        Field{"ReturnConsumedCapacity", &Self::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics", &Self::return_item_collection_metrics},
        Field{"ClientRequestToken", &Self::client_request_token});
  }
};

struct TransactWriteItemsResponse {
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  std::optional<MapOf<std::vector<ItemCollectionMetrics>>> item_collection_metrics;
  static constexpr auto Fields() {
    return std::make_tuple(
        Field{"ConsumedCapacity", &TransactWriteItemsResponse::consumed_capacity},
        Field{"ItemCollectionMetrics", &TransactWriteItemsResponse::item_collection_metrics});
  }
};

struct TransactWriteItems {
  static constexpr std::string_view kName = "TransactWriteItems";
  static constexpr Wording kWording{.names_faulty_values = true,
                                    .value_texts = protocol::ValueTexts::kOlder,
                                    .expression_values = NestingRule::kOperand};
  using Request = TransactWriteItemsRequest;
  using Response = TransactWriteItemsResponse;
  struct Plan {
    std::vector<UpdatePlan> actions;  // actions other than Update only have a condition
  };
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);

  // The steps of Execute. HeldTransactions takes the first two before it holds a transaction.
  static Result<TransactionActions> Resolve(Context& context, const Request& request,
                                            const Plan& plan);
  static Result<ClientRequestTokens::Use> BeginOnce(Context& context, const Request& request);
  static Response Answer(const Request& request, const TransactionActions& actions,
                         const std::vector<storage::WriteResult>& results);
};

}  // namespace weir::dynamodb
