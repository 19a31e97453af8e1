// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/execute_statement.h"

#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/partiql/partiql_select.h"
#include "services/dynamodb/partiql/partiql_token.h"
#include "services/dynamodb/partiql/partiql_write.h"

namespace weir::dynamodb {
namespace {

Result<ExecuteStatementResponse> Read(Context& context, const ExecuteStatementRequest& request,
                                      const ReadyStatement& ready, const StatementPosition& start) {
  const SelectOptions options{request.consistent_read.value_or(false), request.limit};
  WEIR_ASSIGN_OR_RETURN(SelectPage page, RunSelect(context, ready, options, start));
  ExecuteStatementResponse response;
  response.items = std::move(page.items);
  if (page.next.has_value()) {
    const StatementText text{request.statement, request.parameters};
    response.next_token = EncodeNextToken(*page.next, text);
  }
  response.last_evaluated_key = std::move(page.last_evaluated_key);
  response.consumed_capacity =
      page.charge.Report(request.return_consumed_capacity, ready.table->metadata()->name);
  return response;
}

Result<ExecuteStatementResponse> Write(const ExecuteStatementRequest& request,
                                       const ReadyStatement& ready) {
  WEIR_ASSIGN_OR_RETURN(const StatementWrite write,
                        PrepareWrite(ready, request.return_values_on_condition_check_failure ==
                                                ReturnValuesOnConditionCheckFailure::kAllOld));
  WEIR_ASSIGN_OR_RETURN(const storage::WriteResult result,
                        Worded(write.table->Write(write.primary_key, *write.mutation)));
  ExecuteStatementResponse response;
  if (Item returned = ReturnedItem(ready.statement, result)) {
    response.items.push_back(std::move(returned));
  }
  if (IsWanted(request.return_consumed_capacity)) {
    response.consumed_capacity =
        WriteCharge(*write.metadata, result)
            .Report(request.return_consumed_capacity, write.metadata->name);
  }
  return response;
}

}  // namespace

Result<ExecuteStatement::Plan> ExecuteStatement::Validate(const Request& request) {
  return ParseStatement({request.statement, request.parameters});
}

Result<ExecuteStatement::Response> ExecuteStatement::Execute(Context& context,
                                                             const Request& request,
                                                             const Plan& plan) {
  const StatementText text{request.statement, request.parameters};
  WEIR_ASSIGN_OR_RETURN(const ReadyStatement ready, PrepareStatement(context, plan, text));
  StatementPosition start;
  if (request.next_token.has_value()) {
    WEIR_ASSIGN_OR_RETURN(start, DecodeNextToken(*request.next_token, text));
  }
  return ready.statement.reads() ? Read(context, request, ready, start) : Write(request, ready);
}

}  // namespace weir::dynamodb
