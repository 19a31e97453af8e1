// SPDX-License-Identifier: Apache-2.0
// What the three transactional operations share: their actions on the tables, and what an answer
// says about these.
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
  storage::TablePtr table;  // null if there is no such table
  storage::TableMetadataPtr metadata;
  std::optional<PrimaryKey> key;                // nullopt if the request's does not fit the table
  std::unique_ptr<storage::Mutation> mutation;  // null if the item is only read
  // Why the action cannot run, whatever the stored item is.
  std::optional<ApiError> fault;
  // Set for a conditional DELETE of PartiQL: it succeeds on a missing item, but if the transaction
  // is canceled for another reason, it counts as failed, too (observed on AWS).
  bool fails_without_item = false;
};

using TransactionActions = std::vector<TransactionAction>;

// ValidationException if two actions are on one item.
Status CheckDistinctItems(std::span<const TransactionAction> actions);

// Sets the action's table and metadata. Returns false if there is no such table.
bool FindTable(Context& context, std::string_view name_or_arn, TransactionAction& action);

// The first checks that need the tables, in the service's order: keys that do not fit, in actions
// before the first missing table (TransactionCanceledException), two actions on one item
// (ValidationException), a missing table (ResourceNotFoundException). Observed on AWS; the place of
// the last is DynamoDB Local's.
Status CheckItemsAndTables(std::span<const TransactionAction> actions);

// Sets the action's key from a Key parameter. An empty key value fails with ValidationException; a
// key that does not fit the table becomes the action's fault.
Status SetRequestKey(MapView key, TransactionAction& action);

// ValidationException if the items are larger together than a transaction may read.
Status CheckReadSize(std::span<const Item> items);

// What TransactGetItems shows of an item. If the projection finds nothing, it shows no item
// (observed on AWS); statements show an item without attributes, like DynamoDB Local and Dynoxide.
Item ShownItem(const Item& item, const std::optional<expression::Projection>& projection);

// The actions as storage takes them. The results borrow from the actions, which must outlive them.
std::vector<storage::TransactionKey> KeysOf(std::span<const TransactionAction> actions);
std::vector<storage::TransactionWrite> WritesOf(std::span<const TransactionAction> actions);

// Words the faults of refused actions, in their order; nullopt for an action that was not refused.
std::vector<std::optional<ApiError>> ErrorsOf(std::vector<std::optional<storage::Fault>> faults);

// The results of a transaction. TransactionCanceledException if actions were refused; another error
// if storage failed as a whole.
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

// TransactionCanceledException if one of the first `looked_at` actions has a fault.
Status CheckFaults(std::span<const TransactionAction> actions,
                   std::size_t looked_at = std::dynamic_extent,
                   InvalidActions invalid = InvalidActions::kFirstAlone);

// ConsumedCapacity of writes, one entry per table; nullopt if it is not wanted. Transactions pay
// twice for tables, and once for indexes.
std::optional<std::vector<ConsumedCapacity>> WriteFigures(
    std::span<const TransactionAction> actions, std::span<const storage::WriteResult> results,
    std::optional<ReturnConsumedCapacity> wanted);

// ConsumedCapacity of reads, one entry per table; nullopt if it is not wanted.
std::optional<std::vector<ConsumedCapacity>> ReadFigures(
    std::span<const TransactionAction> actions, std::span<const Item> items,
    std::optional<ReturnConsumedCapacity> wanted);

// The cost of answering a repeated request for the transaction, and the ConsumedCapacity of such an
// answer.
ReplayUnits ReplayUnitsOf(std::span<const TransactionAction> actions,
                          std::span<const storage::WriteResult> results);
std::optional<std::vector<ConsumedCapacity>> ReplayFigures(
    const ReplayUnits& units, std::optional<ReturnConsumedCapacity> wanted);

// Has the engine keep `token` with the writes of the transaction.
storage::CommitNote NoteOf(std::span<const TransactionAction> actions,
                           ClientRequestTokens::Use& token);
// Carries out all writes or none, and marks `token` as done. TransactionCanceledException if an
// action has a fault or is refused.
Result<std::vector<storage::WriteResult>> WriteAll(std::span<const TransactionAction> actions,
                                                   ClientRequestTokens::Use& token);

}  // namespace weir::dynamodb
