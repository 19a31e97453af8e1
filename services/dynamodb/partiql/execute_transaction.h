// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
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
#include "services/dynamodb/transactions/transact_get_items.h"

namespace weir::dynamodb {

struct TransactStatement {
  std::string statement;
  std::optional<StatementParameters> parameters;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
  static constexpr auto Fields() {
    using Self = TransactStatement;
    return std::make_tuple(Field{"Statement", &Self::statement},
                           Field{"Parameters", &Self::parameters},
                           Field{"ReturnValuesOnConditionCheckFailure",
                                 &Self::return_values_on_condition_check_failure});
  }
};

struct ExecuteTransactionRequest {
  std::vector<TransactStatement> transact_statements;
  std::optional<std::string> client_request_token;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  static constexpr auto Fields() {
    using Self = ExecuteTransactionRequest;
    return std::make_tuple(Field{"TransactStatements", &Self::transact_statements},
                           Field{"ClientRequestToken", &Self::client_request_token},
                           Field{"ReturnConsumedCapacity", &Self::return_consumed_capacity});
  }
};

struct ExecuteTransactionResponse {
  std::vector<ItemResponse> responses;  // one per read; empty for writes
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  static constexpr auto Fields() {
    using Self = ExecuteTransactionResponse;
    return std::make_tuple(Field{"Responses", &Self::responses},
                           Field{"ConsumedCapacity", &Self::consumed_capacity});
  }
};

// Statements on one item each, all reads or all writes, carried out atomically. EXISTS counts as a
// write that only has a condition.
struct ExecuteTransaction {
  static constexpr std::string_view kName = "ExecuteTransaction";
  static constexpr Wording kWording{.value_texts = protocol::ValueTexts::kOlder};
  using Request = ExecuteTransactionRequest;
  using Response = ExecuteTransactionResponse;
  using Plan = std::vector<expression::TargetedStatement>;
  static Result<Plan> Validate(const Request& request);
  static Result<Response> Execute(Context& context, const Request& request, const Plan& plan);
};

}  // namespace weir::dynamodb
