// SPDX-License-Identifier: Apache-2.0
// Transactions that a control request holds open between their checks and their writes, so that a
// test sees what colliding requests are answered: TransactionConflict among cancellation reasons,
// TransactionConflictException, TransactionInProgressException.
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

// One of them, as control answers show it.
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

// Thread-safe. At most limits::kHeldTransactions at once, each for so long at most: who holds one
// may be gone, and its items are refused to all others.
class HeldTransactions {
 public:
  using Clock = std::chrono::steady_clock;  // a stopped service clock must not keep them

  explicit HeldTransactions(Clock::duration life);
  ~HeldTransactions();

  // Checks the request as TransactWriteItems does and holds its items. Fails as that does, and with
  // LimitExceededException.
  Result<HeldTransactionDescription> Hold(Context& context,
                                          const TransactWriteItemsRequest& request);
  // Makes the writes of a held transaction. ResourceNotFoundException if there is none of that id.
  Status Commit(std::string_view id);
  // Ends a held transaction without its writes. Fails likewise.
  Status Cancel(std::string_view id);
  [[nodiscard]] HeldTransactionList List() const;
  // Ends those whose time is over at `now`.
  void Expire(Clock::time_point now);

 private:
  class Transaction;
  using TransactionPtr = std::unique_ptr<Transaction>;
  Result<TransactionPtr> Take(std::string_view id);
  // Has Expire called at `due`, and again for those that are left then.
  void ScheduleExpiry(Database& database, Clock::time_point due);
  [[nodiscard]] Clock::time_point NextEnd() const WEIR_REQUIRES(mutex_);

  const Clock::duration life_;
  mutable Mutex mutex_;
  std::map<std::string, TransactionPtr, std::less<>> transactions_ WEIR_GUARDED_BY(mutex_);
  // Not from 1 on: an id of before a reset must not mean another transaction.
  std::uint64_t last_id_ WEIR_GUARDED_BY(mutex_) =
      static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
  bool expiry_scheduled_ WEIR_GUARDED_BY(mutex_) = false;
};

// What a control request for it does, as an operation. Its request is that of TransactWriteItems,
// and is checked like one.
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
