// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
#pragma once

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

struct BatchStatementRequest {
  std::string statement;
  std::optional<StatementParameters> parameters;
  std::optional<bool> consistent_read;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  static constexpr auto Fields() {
    using Self = BatchStatementRequest;
    return std::make_tuple(Field{"Statement", &Self::statement},
                           Field{"Parameters", &Self::parameters},
                           Field{"ConsistentRead", &Self::consistent_read},
                           Field{"ReturnValuesOnConditionCheckFailure",
                                 &Self::return_values_on_condition_check_failure});
  }
};

struct BatchExecuteStatementRequest {
  std::vector<BatchStatementRequest> statements;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  static constexpr auto Fields() {
    using Self = BatchExecuteStatementRequest;
    return std::make_tuple(Field{"Statements", &Self::statements},
                           Field{"ReturnConsumedCapacity", &Self::return_consumed_capacity});
  }
};

struct BatchStatementError {
  std::string code;
  std::string message;
  Item item;
  static constexpr auto Fields() {
    using Self = BatchStatementError;
    return std::make_tuple(Field{"Code", &Self::code}, Field{"Message", &Self::message},
                           Field{"Item", &Self::item});
  }
};

struct BatchStatementResponse {
  std::optional<BatchStatementError> error;
  std::optional<std::string> table_name;
  Item item;
  static constexpr auto Fields() {
    using Self = BatchStatementResponse;
    return std::make_tuple(Field{"Error", &Self::error}, Field{"TableName", &Self::table_name},
                           Field{"Item", &Self::item});
  }
};

struct BatchExecuteStatementResponse {
  std::vector<BatchStatementResponse> responses;
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  static constexpr auto Fields() {
    using Self = BatchExecuteStatementResponse;
    return std::make_tuple(Field{"Responses", &Self::responses},
                           Field{"ConsumedCapacity", &Self::consumed_capacity});
  }
};

// Statements on one item each, all reads or all writes. Each succeeds or fails by itself.
struct BatchExecuteStatement {
  static constexpr std::string_view kName = "BatchExecuteStatement";
  static constexpr Wording kWording{.value_texts = protocol::ValueTexts::kOlder};
  using Request = BatchExecuteStatementRequest;
  using Response = BatchExecuteStatementResponse;
  // One per statement. A malformed statement does not fail the request: its own response has the
  // fault.
  using Plan = std::vector<Result<expression::TargetedStatement>>;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
