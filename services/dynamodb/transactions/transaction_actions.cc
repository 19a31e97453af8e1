// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/transaction_actions.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/common/table_resolver.h"

namespace weir::dynamodb {
namespace {

// Transactions read and write every item twice:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling
constexpr double kTimes = 2;

// Calls `charge(i)` for each action, and adds up the results by table.
template <class Charge>
std::optional<std::vector<ConsumedCapacity>> FiguresByTable(
    std::span<const TransactionAction> actions, UnitKind kind,
    std::optional<ReturnConsumedCapacity> wanted, const Charge& charge) {
  std::optional<std::vector<ConsumedCapacity>> figures;
  if (!IsWanted(wanted)) {
    return figures;
  }
  std::vector<std::pair<std::string_view, CapacityCharge>> tables;  // in the order of the request
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const std::string_view name = actions[i].metadata->name;
    auto table = std::find_if(tables.begin(), tables.end(),
                              [&](const auto& entry) { return entry.first == name; });
    if (table == tables.end()) {
      table = tables.insert(tables.end(), {name, CapacityCharge()});
    }
    table->second.Add(charge(i));
  }
  for (const auto& [name, units] : tables) {
    units.ReportTo(figures, wanted, name, kind);
  }
  return figures;
}

}  // namespace

bool FindTable(Context& context, std::string_view name_or_arn, TransactionAction& action) {
  Result<storage::TablePtr> table = ResolveTable(context.database, name_or_arn, kItemTable);
  if (!table.ok()) {
    return false;
  }
  action.table = std::move(table).value();
  action.metadata = action.table->metadata();
  return true;
}

Status CheckDistinctItems(std::span<const TransactionAction> actions) {
  std::set<std::pair<const storage::Table*, std::string_view>> seen;
  for (const TransactionAction& action : actions) {
    if (action.key.has_value() && !seen.emplace(action.table.get(), action.key->bytes()).second) {
      return ValidationError("Transaction request cannot include multiple operations on one item");
    }
  }
  return {};
}

Status CheckItemsAndTables(std::span<const TransactionAction> actions) {
  const auto missing = std::find_if(actions.begin(), actions.end(),
                                    [](const auto& action) { return action.table == nullptr; });
  WEIR_RETURN_IF_ERROR(CheckFaults(actions, static_cast<std::size_t>(missing - actions.begin())));
  WEIR_RETURN_IF_ERROR(CheckDistinctItems(actions));
  return missing == actions.end() ? Status() : Status(TableNotFound());
}

Status SetRequestKey(MapView key, TransactionAction& action) {
  const KeySchema& schema = action.metadata->key_schema;
  WEIR_RETURN_IF_ERROR(CheckKeysNotEmpty(schema, key));
  Result<PrimaryKey> encoded = PrimaryKey::OfRequest(schema, key);
  if (encoded.ok()) {
    action.key = std::move(encoded).value();
  } else {
    action.fault = std::move(encoded).error();
  }
  return {};
}

Status CheckReadSize(std::span<const Item> items) {
  std::size_t size = 0;
  for (const Item& item : items) {
    size += item.aws_size();
    if (size > limits::kTransactionSize) {
      // The text is DynamoDB Local's.
      return ValidationError("Payload in response is too large." + std::to_string(size));
    }
  }
  return {};
}

Item ShownItem(const Item& item, const std::optional<expression::Projection>& projection) {
  Item projected = expression::Projected(item, projection);
  return projected.attributes().empty() ? Item() : projected;
}

std::vector<storage::TransactionKey> KeysOf(std::span<const TransactionAction> actions) {
  std::vector<storage::TransactionKey> keys;
  keys.reserve(actions.size());
  for (const TransactionAction& action : actions) {
    keys.push_back({action.table, &*action.key});
  }
  return keys;
}

std::vector<storage::TransactionWrite> WritesOf(std::span<const TransactionAction> actions) {
  std::vector<storage::TransactionWrite> writes;
  writes.reserve(actions.size());
  for (const TransactionAction& action : actions) {
    writes.push_back({{action.table, &*action.key}, action.mutation.get()});
  }
  return writes;
}

storage::CommitNote NoteOf(std::span<const TransactionAction> actions,
                           ClientRequestTokens::Use& token) {
  if (!token.to_keep()) {
    return nullptr;
  }
  return [actions, &token](const std::vector<storage::WriteResult>& results) {
    token.Keep(ReplayUnitsOf(actions, results));
  };
}

Result<std::vector<storage::WriteResult>> WriteAll(std::span<const TransactionAction> actions,
                                                   ClientRequestTokens::Use& token) {
  WEIR_RETURN_IF_ERROR(CheckFaults(actions));
  storage::Outcome<storage::TransactionOutcome<storage::WriteResult>> outcome =
      storage::WriteTogether(WritesOf(actions), NoteOf(actions, token));
  if (outcome.ok() && outcome.value().ok()) {
    const MemoryReserve::MustNotFail done;  // else a repeated request would run it again
    token.Finish(ReplayUnitsOf(actions, outcome.value().results));
    return std::move(outcome).value().results;
  }
  if (!outcome.ok()) {
    return ErrorOf(std::move(outcome).error());
  }
  std::vector<std::optional<ApiError>> errors = ErrorsOf(std::move(outcome).value().faults);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const TransactionAction& action = actions[i];
    if (!action.fails_without_item || errors[i].has_value()) {
      continue;
    }
    const storage::Outcome<Item> item = action.table->Get(*action.key);
    if (item.ok() && !item.value()) {
      errors[i] = MakeError(ErrorCode::kConditionalCheckFailed, "The conditional request failed");
    }
  }
  return TransactionCanceled(errors);
}

std::vector<std::optional<ApiError>> ErrorsOf(std::vector<std::optional<storage::Fault>> faults) {
  std::vector<std::optional<ApiError>> errors(faults.size());
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].has_value()) {
      errors[i] = ErrorOf(*std::move(faults[i]));
    }
  }
  return errors;
}

Status CheckFaults(std::span<const TransactionAction> actions, std::size_t looked_at,
                   InvalidActions invalid) {
  std::vector<std::optional<ApiError>> faults(actions.size());
  bool any = false;
  for (std::size_t i = 0; i < std::min(looked_at, actions.size()); ++i) {
    faults[i] = actions[i].fault;
    any = any || actions[i].fault.has_value();
  }
  return any ? Status(TransactionCanceled(faults, invalid)) : Status();
}

std::optional<std::vector<ConsumedCapacity>> WriteFigures(
    std::span<const TransactionAction> actions, std::span<const storage::WriteResult> results,
    std::optional<ReturnConsumedCapacity> wanted) {
  return FiguresByTable(actions, UnitKind::kTransactionalWrite, wanted, [&](std::size_t i) {
    CapacityCharge charge = WriteCharge(*actions[i].metadata, results[i]);
    charge.MultiplyTable(kTimes);
    return charge;
  });
}

std::optional<std::vector<ConsumedCapacity>> ReadFigures(
    std::span<const TransactionAction> actions, std::span<const Item> items,
    std::optional<ReturnConsumedCapacity> wanted) {
  return FiguresByTable(actions, UnitKind::kTransactionalRead, wanted, [&](std::size_t i) {
    return CapacityCharge(kTimes * ReadUnits(items[i].aws_size(), true));
  });
}

ReplayUnits ReplayUnitsOf(std::span<const TransactionAction> actions,
                          std::span<const storage::WriteResult> results) {
  ReplayUnits units;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const std::string& name = actions[i].metadata->name;
    auto table = std::find_if(units.begin(), units.end(),
                              [&](const auto& entry) { return entry.first == name; });
    if (table == units.end()) {
      table = units.insert(units.end(), {name, 0});
    }
    table->second +=
        kTimes *
        ReadUnits(std::max(results[i].before.aws_size(), results[i].after.aws_size()), true);
  }
  return units;
}

std::optional<std::vector<ConsumedCapacity>> ReplayFigures(
    const ReplayUnits& units, std::optional<ReturnConsumedCapacity> wanted) {
  std::optional<std::vector<ConsumedCapacity>> figures;
  for (const auto& [name, table_units] : units) {
    CapacityCharge(table_units).ReportTo(figures, wanted, name, UnitKind::kTransactionalRead);
  }
  return figures;
}

}  // namespace weir::dynamodb
