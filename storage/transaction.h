// SPDX-License-Identifier: Apache-2.0
// Transactions: writes or reads of several items, in any tables, that happen at once.
//
// All tables are locked together, in one order, so colliding requests wait for each other and none
// of them fails for it. There are two exceptions. A held transaction, which a control endpoint
// opens: its items are refused to all other writes and transactions until it ends. And a
// transaction whose conditions and updates are long work (kWorkUnderLock): that is done without the
// locks, and fails with kItemHeld if others keep changing its items meanwhile.
#pragma once

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

// The item that one action of a transaction is about. Refers to what the caller keeps.
struct TransactionKey {
  TablePtr table;
  const PrimaryKey* key = nullptr;
};

// An action. No two of a transaction have the same item.
struct TransactionWrite : TransactionKey {
  const Mutation* mutation = nullptr;
};

// What became of the actions, in their order.
template <class T>
struct TransactionOutcome {
  std::vector<T> results;                    // empty unless all succeeded
  std::vector<std::optional<Fault>> faults;  // empty if all succeeded

  [[nodiscard]] bool ok() const { return faults.empty(); }
};

// Makes all writes or none. Each mutation sees the item before; one that returns it makes no
// change. Fails as a whole if a table is gone; what else refuses an action is in the outcome:
// kItemHeld, kRefused by its mutation, or kItemCollectionTooLarge.
Outcome<TransactionOutcome<WriteResult>> WriteTogether(std::span<const TransactionWrite> writes);

// Reads all items as they are at one moment; an absent one is no item. Fails like WriteTogether.
Outcome<TransactionOutcome<Item>> ReadTogether(std::span<const TransactionKey> keys);

// A transaction between its checks and its writes. Ends without a write unless it is committed.
class HeldTransaction {
 public:
  HeldTransaction(const HeldTransaction&) = delete;
  HeldTransaction& operator=(const HeldTransaction&) = delete;
  ~HeldTransaction();

  // Makes the writes and lets the items go, once. Fails as WriteTogether does.
  Outcome<TransactionOutcome<WriteResult>> Commit();

 private:
  friend Outcome<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
      std::vector<TransactionWrite> writes);
  explicit HeldTransaction(std::vector<TransactionWrite> writes) : writes_(std::move(writes)) {}
  void LetGo();

  std::vector<TransactionWrite> writes_;  // empty once it has ended
};

// Checks the writes as WriteTogether does and holds their items; the outcome's one result is the
// transaction. What the writes refer to must outlive it.
Outcome<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
    std::vector<TransactionWrite> writes);

}  // namespace weir::storage
