// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/expression_parameters.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/operation.h"
#include "services/dynamodb/partiql/partiql_members.h"

namespace weir::dynamodb {

struct ExecuteStatementRequest {
  std::string statement;
  std::optional<StatementParameters> parameters;
  std::optional<bool> consistent_read;
  std::optional<std::string> next_token;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<std::int64_t> limit;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  static constexpr auto Fields() {
    using Self = ExecuteStatementRequest;
    return std::make_tuple(
        Field{"Statement", &Self::statement}, Field{"Parameters", &Self::parameters},
        Field{"ConsistentRead", &Self::consistent_read}, Field{"NextToken", &Self::next_token},
        Field{"ReturnConsumedCapacity", &Self::return_consumed_capacity},
        Field{"Limit", &Self::limit},
        Field{"ReturnValuesOnConditionCheckFailure",
              &Self::return_values_on_condition_check_failure});
  }
};

struct ExecuteStatementResponse {
  std::vector<Item> items;
  std::optional<std::string> next_token;
  std::optional<ConsumedCapacity> consumed_capacity;
  Item last_evaluated_key;
  static constexpr auto Fields() {
    using Self = ExecuteStatementResponse;
    return std::make_tuple(Field{"Items", &Self::items}, Field{"NextToken", &Self::next_token},
                           Field{"ConsumedCapacity", &Self::consumed_capacity},
                           Field{"LastEvaluatedKey", &Self::last_evaluated_key});
  }
};

struct ExecuteStatement {
  static constexpr std::string_view kName = "ExecuteStatement";
  static constexpr Wording kWording{.value_texts = protocol::ValueTexts::kOlder};
  using Request = ExecuteStatementRequest;
  using Response = ExecuteStatementResponse;
  using Plan = expression::TargetedStatement;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
