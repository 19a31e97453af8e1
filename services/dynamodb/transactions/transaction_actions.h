// SPDX-License-Identifier: Apache-2.0
// What the transactions share: their actions on the tables, and what an answer says of them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/key.h"
#include "core/result.h"
#include "expression/projection.h"
#include "services/dynamodb/common/capacity.h"
#include "services/dynamodb/common/storage_errors.h"
#include "services/dynamodb/database.h"
#include "services/dynamodb/transactions/cancellation.h"
#include "services/dynamodb/transactions/client_request_tokens.h"
#include "storage/table.h"
#include "storage/transaction.h"

namespace weir::dynamodb {

// One action of a transaction on the table that it names.
struct TransactionAction {
  storage::TablePtr table;  // null: there is none of that name
  storage::TableMetadataPtr metadata;
  std::optional<PrimaryKey> key;                // none: the request's does not fit the table
  std::unique_ptr<storage::Mutation> mutation;  // none: the item is only read
  // Why it cannot run, whatever the item is.
  std::optional<ApiError> fault;
  // A conditional DELETE of PartiQL: it succeeds where there is no item, but in a transaction that
  // is canceled it counts among what failed (observed on AWS).
  bool fails_without_item = false;
};

using TransactionActions = std::vector<TransactionAction>;

// ValidationException if two actions are on one item.
Status CheckDistinctItems(std::span<const TransactionAction> actions);

// Sets the action's table; false if there is none of that name.
bool FindTable(Context& context, std::string_view name_or_arn, TransactionAction& action);

// The refusals that need the tables and come before all others, in the service's order: keys that
// do not fit, two actions on one item, then a table that is not there (observed on AWS; the place
// of the last is DynamoDB Local's).
Status CheckItemsAndTables(std::span<const TransactionAction> actions);

// The key of an action on an existing item, into `action`: a key that is empty fails, one that does
// not fit becomes the action's fault.
Status SetRequestKey(MapView key, TransactionAction& action);

// Refuses items that are more than a transaction may read.
Status CheckReadSize(std::span<const Item> items);

// What TransactGetItems shows of an item: a projection that finds nothing shows no item (observed
// on AWS; statements show an empty one, as DynamoDB Local and Dynoxide have it).
Item ShownItem(const Item& item, const std::optional<expression::Projection>& projection);

// For storage. The actions must outlive it.
std::vector<storage::TransactionKey> KeysOf(std::span<const TransactionAction> actions);
std::vector<storage::TransactionWrite> WritesOf(std::span<const TransactionAction> actions);

// Why actions were refused, in their order; none where one was not.
std::vector<std::optional<ApiError>> ErrorsOf(std::vector<std::optional<storage::Fault>> faults);

// What an outcome is to the client: its results, or TransactionCanceledException.
template <class T>
Result<std::vector<T>> ResultsOf(storage::Outcome<storage::TransactionOutcome<T>> outcome) {
  if (!outcome.ok()) {
    return ErrorOf(std::move(outcome).error());
  }
  if (!outcome.value().ok()) {
    return TransactionCanceled(ErrorsOf(std::move(outcome).value().faults));
  }
  return std::move(outcome).value().results;
}

// TransactionCanceledException if one of the actions has a fault, of the first so many.
Status CheckFaults(std::span<const TransactionAction> actions,
                   std::size_t looked_at = std::dynamic_extent,
                   InvalidActions invalid = InvalidActions::kFirstAlone);

// Makes all writes or none: TransactionCanceledException.
Result<std::vector<storage::WriteResult>> WriteAll(std::span<const TransactionAction> actions);

// ConsumedCapacity of writes, a figure a table; transactions pay twice for their tables and once
// for indexes.
std::optional<std::vector<ConsumedCapacity>> WriteFigures(
    std::span<const TransactionAction> actions, std::span<const storage::WriteResult> results,
    std::optional<ReturnConsumedCapacity> wanted);

// ConsumedCapacity of reads, likewise.
std::optional<std::vector<ConsumedCapacity>> ReadFigures(
    std::span<const TransactionAction> actions, std::span<const Item> items,
    std::optional<ReturnConsumedCapacity> wanted);

// What it costs to answer the same transaction again, and that answer's ConsumedCapacity.
ReplayUnits ReplayUnitsOf(std::span<const TransactionAction> actions,
                          std::span<const storage::WriteResult> results);
std::optional<std::vector<ConsumedCapacity>> ReplayFigures(
    const ReplayUnits& units, std::optional<ReturnConsumedCapacity> wanted);

}  // namespace weir::dynamodb
