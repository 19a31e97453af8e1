// SPDX-License-Identifier: Apache-2.0
// Transactions: writes or reads of several items, in any tables, that happen at once.
//
// All tables are locked together, in one order, so colliding requests wait for each other, and none
// of them fails because of that. There are two exceptions. One is a held transaction, which a
// control endpoint opens: its items are refused to all other writes and transactions until it ends.
// The other is a transaction whose conditions and updates are long work (kWorkUnderLock): the work
// is done without the locks, and the transaction fails with kItemHeld if others keep changing its
// items meanwhile.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/api_error.h"
#include "core/item.h"
#include "core/key.h"
#include "core/result.h"
#include "storage/catalogue.h"
#include "storage/mutation.h"

namespace weir::storage {

// The item that one action of a transaction is about. `key` is the caller's, and must outlive it.
struct TransactionKey {
  TablePtr table;
  const PrimaryKey* key = nullptr;
};

// An action that may write. No two actions of a transaction may have the same item. `mutation` is
// the caller's, and must outlive it.
struct TransactionWrite : TransactionKey {
  const Mutation* mutation = nullptr;
};

// What became of the actions: one result for each, or one fault, in the order of the actions.
template <class T>
struct TransactionOutcome {
  std::vector<T> results;                    // empty unless all succeeded
  std::vector<std::optional<Fault>> faults;  // empty if all succeeded; else nullopt for the others

  [[nodiscard]] bool ok() const { return faults.empty(); }
};

// Keeps, by Engine::Keep, what has to be there after a crash exactly if the transaction's changes
// are. Called under the tables' locks. Must not fail.
using CommitNote = std::function<void(const std::vector<WriteResult>& results)>;

// Makes all writes or none. Each mutation sees its item as it was before; one that returns that
// makes no change. Fails with kTableDropped if one of the tables was dropped. The outcome has all
// other faults of an action: kItemHeld, kRefused by its mutation, or kItemCollectionTooLarge.
Outcome<TransactionOutcome<WriteResult>> WriteTogether(std::span<const TransactionWrite> writes,
                                                       const CommitNote& note = nullptr);

// Reads all items as they are at one moment; "no item" for one that is missing. Fails with
// kTableDropped if one of the tables was dropped. The outcome has kItemHeld for an action whose
// item is held.
Outcome<TransactionOutcome<Item>> ReadTogether(std::span<const TransactionKey> keys);

// A transaction between its checks and its writes. Unless it is committed, its destructor ends it
// without a write.
class HeldTransaction {
 public:
  HeldTransaction(const HeldTransaction&) = delete;
  HeldTransaction& operator=(const HeldTransaction&) = delete;
  ~HeldTransaction();

  // Makes the writes and lets the items go. To be called once. Fails as WriteTogether does, and
  // then lets the items go without a write.
  Outcome<TransactionOutcome<WriteResult>> Commit(const CommitNote& note = nullptr);

 private:
  friend Outcome<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
      std::vector<TransactionWrite> writes);
  explicit HeldTransaction(std::vector<TransactionWrite> writes) : writes_(std::move(writes)) {}
  void LetGo();

  std::vector<TransactionWrite> writes_;  // empty once it has ended
};

// Checks the writes as WriteTogether does, except for the size of item collections, and holds their
// items. The outcome's one result is the transaction. What the writes refer to must outlive it.
Outcome<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
    std::vector<TransactionWrite> writes);

}  // namespace weir::storage
