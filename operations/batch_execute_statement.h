// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "operations/capacity.h"
#include "operations/database.h"
#include "operations/expression_parameters.h"
#include "operations/fields.h"
#include "operations/operation.h"
#include "operations/partiql_members.h"

namespace weir::operations {

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
  static constexpr Service kService = Service::kDynamoDb;
  static constexpr std::string_view kName = "BatchExecuteStatement";
  static constexpr bool kOlderValueTexts = true;
  using Request = BatchExecuteStatementRequest;
  using Response = BatchExecuteStatementResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& /*request*/) { return Plan{}; }
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::operations
