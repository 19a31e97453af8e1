// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/partiql/execute_transaction.h"

#include <cstddef>
#include <span>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/indexes/index_keys.h"
#include "services/dynamodb/partiql/partiql_keys.h"
#include "services/dynamodb/partiql/partiql_write.h"
#include "services/dynamodb/transactions/cancellation.h"
#include "services/dynamodb/transactions/fingerprint.h"
#include "services/dynamodb/transactions/transaction_actions.h"

namespace weir::dynamodb {
namespace {

using expression::ParsedStatement;
using expression::PartiqlStatement;
using expression::StatementType;
using expression::TargetedStatement;

// A statement's own fault refuses the whole transaction; the message names the statement.
ApiError FaultOf(std::size_t index, ApiError error) {
  error.message =
      "Validation failed in TransactStatements[" + std::to_string(index) + "]: " + error.message;
  return error;
}

StatementText TextOf(const TransactStatement& statement) {
  return {statement.statement, statement.parameters};
}

Result<std::vector<TargetedStatement>> ParseAll(const ExecuteTransactionRequest& request) {
  std::vector<TargetedStatement> statements;
  bool reads = false;
  bool writes = false;
  for (const TransactStatement& member : request.transact_statements) {
    Result<ParsedStatement> parsed = ParsedStatement::Parse(member.statement);
    if (!parsed.ok()) {
      return FaultOf(statements.size(), std::move(parsed).error());
    }
    WEIR_RETURN_IF_ERROR(TextOf(member).CheckParameters());
    Result<TargetedStatement> statement = parsed.value().FindTarget();
    if (!statement.ok()) {
      return FaultOf(statements.size(), std::move(statement).error());
    }
    (statement.value().reads() ? reads : writes) = true;
    statements.push_back(std::move(statement).value());
  }
  if (reads && writes) {
    return ValidationError(
        "ExecuteTransaction API does not support both read and write operations in the same "
        "request.");
  }
  return statements;
}

// Refuses the clauses that no statement in a transaction may have, whatever its table.
Status CheckForm(const PartiqlStatement& statement) {
  if (statement.returning() != expression::StatementReturning::kNothing) {
    return ValidationError("RETURNING clause is not supported in ExecuteTransaction.");
  }
  if (statement.target().index.has_value()) {
    return ValidationError(statement.reads()
                               ? "Reads on indices are not supported within transactions."
                               : "Operations on indices are not supported in transactions");
  }
  return {};
}

ApiError KeySchemaMismatch() {
  return ValidationError("The provided key element does not match the schema");
}

// Checks the types of the key attributes that a write names. Their faults become the action's, with
// PutItem's texts for an INSERT and GetItem's for other statements. But for those a value that is
// not S, N or B refuses the whole transaction (observed on AWS).
Status CheckWrittenKey(const PartiqlStatement& statement, std::size_t index,
                       TransactionAction& action) {
  const KeySchema& schema = action.metadata->key_schema;
  MapView key = statement.item().attributes();
  Result<std::optional<NamedKey>> named = std::optional<NamedKey>();
  const bool inserts = statement.type() == StatementType::kInsert;
  if (!inserts) {
    named = FindNamedKey(statement, schema);
    if (!named.ok() || !named.value().has_value()) {
      return {};  // PrepareWrite reports this
    }
    key = named.value()->key.attributes();
  }
  for (const KeyAttribute* attribute :
       {&schema.partition, schema.sort.has_value() ? &*schema.sort : nullptr}) {
    const std::optional<Value> value =
        attribute == nullptr ? std::nullopt : key.Find(attribute->name);
    if (!value.has_value() || value->type() == attribute->type || action.fault.has_value()) {
      continue;
    }
    if (inserts) {
      action.fault = InvalidParameter("Type mismatch for key " + attribute->name +
                                      " expected: " + std::string(TypeName(attribute->type)) +
                                      " actual: " + std::string(TypeName(value->type())));
      continue;
    }
    const Status type = CheckKeyType(*attribute, *value);
    const bool scalar = value->type() == ValueType::kString ||
                        value->type() == ValueType::kNumber || value->type() == ValueType::kBinary;
    if (!scalar) {
      return FaultOf(index, type.error());
    }
    action.fault = KeySchemaMismatch();
  }
  return {};
}

// Sets the action's key to the one that a SELECT or EXISTS names; `index` is the statement's in the
// request. Fails if the form of the statement or an empty key refuses the whole transaction. Other
// faults only cancel it, and become the action's.
Status ResolveKey(const PartiqlStatement& statement, std::size_t index, TransactionAction& action) {
  Result<std::optional<NamedKey>> named = FindNamedKey(statement, action.metadata->key_schema);
  if (!named.ok()) {
    action.fault = std::move(named).error();
    return {};
  }
  const bool found = named.value().has_value();
  if (statement.reads() && !found) {
    return FaultOf(index, ValidationError("Select statements within ExecuteTransaction must "
                                          "specify the primary key in the where clause."));
  }
  if (statement.type() == StatementType::kExists && (!found || named.value()->alone)) {
    return FaultOf(
        index,
        ValidationError("EXISTS() must contain a single item read with additional condition"));
  }
  if (found && !CheckKeyTypes(named.value()->key.attributes(), action.metadata->key_schema).ok()) {
    action.fault = KeySchemaMismatch();
    return {};
  }
  if (Status order = CheckOrderKeys(statement, action.metadata->key_schema); !order.ok()) {
    action.fault = std::move(order).error();
    return {};
  }
  return found ? SetRequestKey(named.value()->key.attributes(), action) : Status();
}

// An empty key value refuses the whole transaction, as in TransactWriteItems.
Status CheckNotEmpty(const PartiqlStatement& statement, const storage::TableMetadata& table) {
  if (statement.type() == StatementType::kInsert) {
    const MapView item = statement.item().attributes();
    WEIR_RETURN_IF_ERROR(CheckKeysNotEmpty(table.key_schema, item));
    return CheckIndexKeysNotEmptyInPut(table, item);
  }
  const Result<std::optional<NamedKey>> named = FindNamedKey(statement, table.key_schema);
  if (named.ok() && named.value().has_value()) {
    WEIR_RETURN_IF_ERROR(CheckKeysNotEmpty(table.key_schema, named.value()->key.attributes()));
  }
  return statement.update().has_value() ? CheckIndexKeysNotEmptyInUpdate(table, *statement.update())
                                        : Status();
}

bool NamesKeyAlone(const PartiqlStatement& statement, const TransactionAction& action) {
  const Result<std::optional<NamedKey>> named =
      FindNamedKey(statement, action.metadata->key_schema);
  return named.ok() && named.value().has_value() && named.value()->alone;
}

class Transaction {
 public:
  Transaction(Context& context, const ExecuteTransactionRequest& request)
      : context_(context), request_(request) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Status Resolve(const std::vector<TargetedStatement>& statements) {
    ready_.reserve(statements.size());  // the actions refer to the elements
    for (std::size_t i = 0; i < statements.size(); ++i) {
      Result<ReadyStatement> ready =
          PrepareStatement(context_, statements[i], TextOf(request_.transact_statements[i]));
      if (!ready.ok()) {
        return FaultOf(i, std::move(ready).error());
      }
      ready_.push_back(std::move(ready).value());
      if (Status form = CheckForm(ready_.back().statement); !form.ok()) {
        return FaultOf(i, std::move(form).error());
      }
    }
    actions_.resize(ready_.size());
    for (std::size_t i = 0; i < ready_.size(); ++i) {
      WEIR_RETURN_IF_ERROR(ResolveAction(i));
    }
    WEIR_RETURN_IF_ERROR(CheckDistinctItems(actions_));
    return CheckFaults(actions_, std::dynamic_extent, InvalidActions::kAll);
  }

  [[nodiscard]] bool reads() const { return ready_.front().statement.reads(); }

  Result<ExecuteTransactionResponse> Read() const {
    WEIR_ASSIGN_OR_RETURN(const std::vector<Item> items,
                          ResultsOf(storage::ReadTogether(KeysOf(actions_))));
    WEIR_RETURN_IF_ERROR(CheckReadSize(items));
    ExecuteTransactionResponse response;
    response.consumed_capacity = ReadFigures(actions_, items, request_.return_consumed_capacity);
    for (std::size_t i = 0; i < items.size(); ++i) {
      response.responses.push_back(
          {expression::Projected(items[i], ready_[i].statement.projection())});
    }
    return response;
  }

  Result<ExecuteTransactionResponse> Write() const {
    WEIR_ASSIGN_OR_RETURN(ClientRequestTokens::Use token, BeginOnce());
    ExecuteTransactionResponse response;
    if (token.replay().has_value()) {
      context_.database.engine().Rely();
      response.consumed_capacity =
          ReplayFigures(*token.replay(), request_.return_consumed_capacity);
      return response;
    }
    WEIR_ASSIGN_OR_RETURN(const std::vector<storage::WriteResult> results,
                          WriteAll(actions_, token));
    response.consumed_capacity = WriteFigures(actions_, results, request_.return_consumed_capacity);
    return response;
  }

 private:
  // A missing table does not refuse the transaction but cancels it, as does a write that does not
  // name its key (observed on AWS).
  Status ResolveAction(std::size_t index) {
    const ReadyStatement& ready = ready_[index];
    TransactionAction& action = actions_[index];
    if (ready.table == nullptr) {
      action.fault = TableNotFound();
      return {};
    }
    action.table = ready.table;
    action.metadata = ready.table->metadata();
    const StatementType type = ready.statement.type();
    if (type == StatementType::kSelect || type == StatementType::kExists) {
      WEIR_RETURN_IF_ERROR(ResolveKey(ready.statement, index, action));
      if (type == StatementType::kSelect) {
        return ready.statement.projection().has_value()
                   ? CheckKeyPaths(*action.metadata, ready.statement.projection()->attributes())
                   : Status();
      }
    }
    if (!action.fault.has_value()) {
      WEIR_RETURN_IF_ERROR(CheckWrittenKey(ready.statement, index, action));
    }
    if (action.fault.has_value()) {
      return {};
    }
    WEIR_RETURN_IF_ERROR(CheckNotEmpty(ready.statement, *action.metadata));
    return ResolveWrite(index);
  }

  Status ResolveWrite(std::size_t index) {
    const ReadyStatement& ready = ready_[index];
    TransactionAction& action = actions_[index];
    const TransactStatement& member = request_.transact_statements[index];
    Result<StatementWrite> write =
        PrepareWrite(ready, member.return_values_on_condition_check_failure ==
                                ReturnValuesOnConditionCheckFailure::kAllOld);
    if (!write.ok()) {
      if (!action.fault.has_value()) {
        action.fault = std::move(write).error();
      }
      return {};
    }
    action.fails_without_item =
        ready.statement.type() == StatementType::kDelete && !NamesKeyAlone(ready.statement, action);
    action.key = std::move(write.value().primary_key);
    action.mutation = std::move(write.value().mutation);
    return {};
  }

  [[nodiscard]] Result<ClientRequestTokens::Use> BeginOnce() const {
    if (!request_.client_request_token.has_value()) {
      return ClientRequestTokens::Use();
    }
    FingerprintWriter writer;
    for (const TransactStatement& member : request_.transact_statements) {
      writer.Add(member.statement);
      writer.Add(TextOf(member).values().contents());
      writer.Add(member.return_values_on_condition_check_failure);
    }
    return context_.database.tokens().Begin(
        std::string(ExecuteTransaction::kName).append("/").append(*request_.client_request_token),
        writer.Finish());
  }

  Context& context_;
  const ExecuteTransactionRequest& request_;
  std::vector<ReadyStatement> ready_;
  TransactionActions actions_;
};

}  // namespace

// The payload size counts the statements and their parameters. AWS documents only the limit, not
// what counts.
Result<ExecuteTransaction::Plan> ExecuteTransaction::Validate(const Request& request) {
  std::size_t size = 0;
  for (const TransactStatement& member : request.transact_statements) {
    size += member.statement.size();
    for (const Value value : TextOf(member).values()) {
      size += AwsSize(value);
    }
  }
  if (size > limits::kTransactionSize) {
    return ValidationError("Transaction payload size cannot exceed 4MB. Payload Size: " +
                           std::to_string(size));
  }
  return ParseAll(request);
}

Result<ExecuteTransaction::Response> ExecuteTransaction::Execute(Context& context,
                                                                 const Request& request,
                                                                 const Plan& plan) {
  Transaction transaction(context, request);
  WEIR_RETURN_IF_ERROR(transaction.Resolve(plan));
  return transaction.reads() ? transaction.Read() : transaction.Write();
}

}  // namespace weir::dynamodb
