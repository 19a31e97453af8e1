// SPDX-License-Identifier: Apache-2.0
// Transactions that a control request holds open between their checks and their writes. With them a
// test can see the errors that colliding requests get: TransactionConflict among cancellation
// reasons, TransactionConflictException, TransactionInProgressException.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/mutex.h"
#include "core/result.h"
#include "services/dynamodb/common/fields.h"
#include "services/dynamodb/transactions/transact_write_items.h"

namespace weir::dynamodb {

// A held transaction, as control answers show it.
struct HeldTransactionDescription {
  std::string transaction_id;
  std::int64_t action_count = 0;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"TransactionId", &HeldTransactionDescription::transaction_id},
                           Field{"ActionCount", &HeldTransactionDescription::action_count});
  }
};

struct HeldTransactionList {
  std::vector<HeldTransactionDescription> transactions;
  static constexpr auto Fields() {
    return std::make_tuple(Field{"Transactions", &HeldTransactionList::transactions});
  }
};

// Thread-safe. Holds at most limits::kHeldTransactions at once, and ends each after `life`: its
// client may never do so, and meanwhile its items are refused to all others.
class HeldTransactions {
 public:
  using Clock = std::chrono::steady_clock;  // not the service's clock, which may be stopped

  explicit HeldTransactions(Clock::duration life);
  ~HeldTransactions();

  // Checks the request as TransactWriteItems does, and holds its items. Fails like
  // TransactWriteItems, with ResourceInUseException if the transaction of its token was done
  // before, and with LimitExceededException.
  Result<HeldTransactionDescription> Hold(Context& context,
                                          const TransactWriteItemsRequest& request);
  // Carries out the writes of a held transaction, and ends it. Fails with ResourceNotFoundException
  // if no held transaction has that id, and like the writes of TransactWriteItems.
  Status Commit(std::string_view id);
  // Ends a held transaction without its writes. ResourceNotFoundException if none has that id.
  Status Cancel(std::string_view id);
  [[nodiscard]] HeldTransactionList List() const;
  // Ends the held transactions whose time is over at `now`, without their writes.
  void Expire(Clock::time_point now);

 private:
  class Transaction;
  using TransactionPtr = std::unique_ptr<Transaction>;
  Result<TransactionPtr> Take(std::string_view id);
  // Has Expire called at `due`, and then again as long as transactions are held.
  void ScheduleExpiry(Database& database, Clock::time_point due);
  [[nodiscard]] Clock::time_point NextEnd() const WEIR_REQUIRES(mutex_);

  const Clock::duration life_;
  mutable Mutex mutex_;
  std::map<std::string, TransactionPtr, std::less<>> transactions_ WEIR_GUARDED_BY(mutex_);
  // Does not start at 1: after a reset, an older id must not name a new transaction.
  std::uint64_t last_id_ WEIR_GUARDED_BY(mutex_) =
      static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
  bool expiry_scheduled_ WEIR_GUARDED_BY(mutex_) = false;
};

// The control request that holds a transaction, as an operation. Its request is one of
// TransactWriteItems, and is checked like one.
struct HoldTransaction {
  static constexpr Wording kWording = TransactWriteItems::kWording;
  using Request = TransactWriteItemsRequest;
  using Response = HeldTransactionDescription;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& /*request*/) { return Plan{}; }
  static Result<Response> Execute(Context& context, const Request& request, const Plan& /*plan*/) {
    return context.database.held_transactions().Hold(context, request);
  }
};

}  // namespace weir::dynamodb
