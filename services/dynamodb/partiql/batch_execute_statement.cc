// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/batch_execute_statement.h"

#include <set>
#include <utility>

#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/partiql/partiql_keys.h"
#include "services/dynamodb/partiql/partiql_write.h"
#include "services/dynamodb/transactions/cancellation.h"
#include "services/dynamodb/transactions/transaction_actions.h"

namespace weir::dynamodb {
namespace {

// A statement of the batch, prepared as far as its faults allow.
struct Member {
  std::optional<ReadyStatement> ready;
  StatementWrite action;  // for a read only the table and key
  std::optional<ApiError> fault;
  bool names_table = false;  // the answer names the table beside the fault
};

// A SELECT in a batch must name the whole key of one item and have no other condition.
Result<StatementWrite> PrepareRead(const ReadyStatement& ready) {
  WEIR_RETURN_IF_ERROR(ready.CheckTable());
  StatementWrite read;
  read.table = ready.table;
  read.metadata = ready.table->metadata();
  const KeySchema& schema = read.metadata->key_schema;
  const expression::PartiqlStatement& statement = ready.statement;
  const ApiError no_key = ValidationError(
      "Select statements within BatchExecuteStatement must specify the primary key in the where "
      "clause.");
  if (statement.target().index.has_value()) {
    return no_key;
  }
  WEIR_ASSIGN_OR_RETURN(std::optional<NamedKey> named, FindNamedKey(statement, schema));
  if (!named.has_value()) {
    return no_key;
  }
  WEIR_RETURN_IF_ERROR(CheckKeyTypes(named->key.attributes(), schema));
  WEIR_RETURN_IF_ERROR(CheckOrderKeys(statement, schema));
  read.key = std::move(named->key);
  WEIR_ASSIGN_OR_RETURN(read.primary_key, PrimaryKey::OfRequest(schema, read.key.attributes()));
  if (statement.projection().has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeyPaths(*read.metadata, statement.projection()->attributes()));
  }
  return read;
}

Result<StatementWrite> PrepareAction(const ReadyStatement& ready,
                                     const BatchStatementRequest& request) {
  if (ready.statement.reads()) {
    return PrepareRead(ready);
  }
  return PrepareWrite(ready, request.return_values_on_condition_check_failure ==
                                 ReturnValuesOnConditionCheckFailure::kAllOld);
}

// Whether the fault of an UPDATE is not in how it names its key. The service finds such a fault
// only while it carries out the statement, so the answer names the table (observed on AWS).
bool IsFoundWhileRunning(const ReadyStatement& ready) {
  if (ready.table == nullptr || ready.statement.type() != expression::StatementType::kUpdate) {
    return false;
  }
  const KeySchema& schema = ready.table->key_schema();
  const Result<std::optional<NamedKey>> named = FindNamedKey(ready.statement, schema);
  return named.ok() && named.value().has_value() &&
         CheckKeyTypes(named.value()->key.attributes(), schema).ok();
}

void Prepare(Context& context, const BatchStatementRequest& request,
             const expression::TargetedStatement& statement, Member& member) {
  const StatementText text{request.statement, request.parameters};
  Result<ReadyStatement> ready = PrepareStatement(context, statement, text);
  if (!ready.ok()) {
    member.fault = std::move(ready).error();
    return;
  }
  member.ready = std::move(ready).value();
  Result<StatementWrite> action = PrepareAction(*member.ready, request);
  if (!action.ok()) {
    member.fault = std::move(action).error();
    member.names_table = IsFoundWhileRunning(*member.ready);
    return;
  }
  member.action = std::move(action).value();
}

std::vector<Member> PrepareAll(Context& context, const BatchExecuteStatementRequest& request,
                               const BatchExecuteStatement::Plan& statements) {
  std::vector<Member> members(statements.size());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].ok()) {
      Prepare(context, request.statements[i], statements[i].value(), members[i]);
    } else {
      members[i].fault = statements[i].error();
    }
  }
  return members;
}

Status CheckNoDuplicates(const std::vector<Member>& members) {
  std::set<std::pair<const storage::Table*, std::string_view>> seen;
  for (const Member& member : members) {
    if (!member.fault.has_value() &&
        !seen.insert({member.action.table.get(), member.action.primary_key.bytes()}).second) {
      return ValidationError("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

// What the statements of one table cost. Statements that are refused before they run are free. If
// no statement of the table succeeds, its costs are not shown (observed on AWS).
struct TableUnits {
  std::string name;
  CapacityCharge charge;
  bool shown = false;
};

class Batch {
 public:
  explicit Batch(const BatchExecuteStatementRequest& request) : request_(request) {}

  void Run(const Member& member, const BatchStatementRequest& request) {
    BatchStatementResponse& response = response_.responses.emplace_back();
    if (member.fault.has_value()) {
      SetError(*member.fault, response);
      if (member.names_table) {
        response.table_name = member.ready->table->metadata()->name;
      }
      return;
    }
    const storage::TableMetadata& table = *member.action.metadata;
    response.table_name = table.name;
    const Status status = member.ready->statement.reads()
                              ? Read(member, request.consistent_read.value_or(false), response)
                              : Write(member, response);
    if (!status.ok()) {
      SetError(status.error(), response);
    }
  }

  BatchExecuteStatementResponse Finish() && {
    for (const TableUnits& units : units_) {
      if (units.shown) {
        units.charge.ReportTo(response_.consumed_capacity, request_.return_consumed_capacity,
                              units.name);
      }
    }
    return std::move(response_);
  }

 private:
  static void SetError(const ApiError& error, BatchStatementResponse& response) {
    response.error =
        BatchStatementError{std::string(CancellationCode(error.code)), error.message, error.item};
  }

  Status Read(const Member& member, bool consistent, BatchStatementResponse& response) {
    const StatementWrite& action = member.action;
    WEIR_ASSIGN_OR_RETURN(const Item item, Worded(action.table->Get(action.primary_key)));
    Charge(action, CapacityCharge(ReadUnits(item.aws_size(), consistent)), true);
    response.item = expression::Projected(item, member.ready->statement.projection());
    return {};
  }

  Status Write(const Member& member, BatchStatementResponse& response) {
    const StatementWrite& action = member.action;
    storage::Outcome<storage::WriteResult> result =
        action.table->Write(action.primary_key, *action.mutation);
    if (!result.ok()) {
      // A failed attempt costs as much as a write of the stored item or of the one to be put,
      // whichever is larger. Only the total shows that (observed on AWS).
      if (const storage::Outcome<Item> item = action.table->Get(action.primary_key); item.ok()) {
        CapacityCharge charge;
        charge.AddUnplaced(WriteUnits(item.value().aws_size(), action.key.aws_size()));
        Charge(action, charge, false);
      }
      return ErrorOf(std::move(result).error());
    }
    Charge(action, WriteCharge(*action.metadata, result.value()), true);
    response.item = ReturnedItem(member.ready->statement, result.value());
    return {};
  }

  void Charge(const StatementWrite& action, const CapacityCharge& charge, bool succeeded) {
    TableUnits* units = nullptr;
    for (TableUnits& other : units_) {
      units = other.name == action.metadata->name ? &other : units;
    }
    if (units == nullptr) {
      units = &units_.emplace_back();
      units->name = action.metadata->name;
    }
    units->charge.Add(charge);
    units->shown = units->shown || succeeded;
  }

  const BatchExecuteStatementRequest& request_;
  BatchExecuteStatementResponse response_;
  std::vector<TableUnits> units_;  // in the order of the statements
};

}  // namespace

Result<BatchExecuteStatement::Plan> BatchExecuteStatement::Validate(const Request& request) {
  Plan statements;
  bool reads = false;
  bool writes = false;
  for (const BatchStatementRequest& member : request.statements) {
    statements.push_back(ParseStatement({member.statement, member.parameters}));
    if (const auto& statement = statements.back(); statement.ok()) {
      (statement.value().reads() ? reads : writes) = true;
    }
  }
  if (reads && writes) {
    return ValidationError("Read and write requests together in the same batch is not supported.");
  }
  return statements;
}

Result<BatchExecuteStatement::Response> BatchExecuteStatement::Execute(Context& context,
                                                                       const Request& request,
                                                                       const Plan& plan) {
  const std::vector<Member> members = PrepareAll(context, request, plan);
  WEIR_RETURN_IF_ERROR(CheckNoDuplicates(members));
  Batch batch(request);
  for (std::size_t i = 0; i < members.size(); ++i) {
    batch.Run(members[i], request.statements[i]);
  }
  return std::move(batch).Finish();
}

}  // namespace weir::dynamodb
