// SPDX-License-Identifier: Apache-2.0
// What PutItem, UpdateItem and DeleteItem share.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/common/legacy_members.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/items/item_collection_metrics.h"
#include "services/dynamodb/operation.h"

namespace weir::dynamodb {

// The members that all three requests have.
struct WriteRequestMembers {
  std::string table_name;
  std::optional<std::string> condition_expression;
  std::optional<NameMap> expression_attribute_names;
  ExpressionValues expression_attribute_values;
  std::optional<LegacyConditions> expected;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<ReturnValues> return_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  // A fault in a value of the item or key; see CheckSubstitutions.
  std::optional<ApiError> value_fault;
  static constexpr auto Fields() {
    using Self = WriteRequestMembers;
    return std::make_tuple(
        Field{"TableName", &Self::table_name},
        Field{"ConditionExpression", &Self::condition_expression},
        Field{"ExpressionAttributeNames", &Self::expression_attribute_names},
        Field{"ExpressionAttributeValues", &Self::expression_attribute_values},
        Field{"Expected", &Self::expected},
        Field{"ConditionalOperator", &Self::conditional_operator},
        Field{"ReturnValues", &Self::return_values},
        Field{"ReturnValuesOnConditionCheckFailure",
              &Self::return_values_on_condition_check_failure},
        Field{"ReturnConsumedCapacity", &Self::return_consumed_capacity},
        Field{"ReturnItemCollectionMetrics", &Self::return_item_collection_metrics});
  }
};

// The answer of PutItem, UpdateItem and DeleteItem.
struct WriteResponse {
  Item attributes;
  std::optional<ConsumedCapacity> consumed_capacity;
  std::optional<ItemCollectionMetrics> item_collection_metrics;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Attributes", &WriteResponse::attributes},
                           Field{"ConsumedCapacity", &WriteResponse::consumed_capacity},
                           Field{"ItemCollectionMetrics", &WriteResponse::item_collection_metrics});
  }
};

// Parses the condition of a put or delete, after checking the members around it in AWS's order:
// substitutions, legacy parameters, and ReturnValues, which may only be NONE or ALL_OLD. Fails with
// ValidationException, without the envelope.
Result<WriteCondition> ParseWriteCondition(const WriteRequestMembers& request);

// The answer of a put, update or delete. Of ReturnValues it only handles ALL_OLD; the others are
// UpdateItem's own. `key` has the item's key attributes.
WriteResponse WriteResponseOf(const WriteRequestMembers& request,
                              const storage::TableMetadata& table, MapView key,
                              const storage::WriteResult& result);

}  // namespace weir::dynamodb
