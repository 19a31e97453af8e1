// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/held_transactions.h"

#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"

namespace weir::dynamodb {

// Owns everything that its writes refer to, so it must not be copied or moved.
class HeldTransactions::Transaction {
 public:
  explicit Transaction(const TransactWriteItemsRequest& request) : request_(request) {}

  Status Hold(Context& context) {
    WEIR_ASSIGN_OR_RETURN(plan_, TransactWriteItems::Validate(request_));
    WEIR_ASSIGN_OR_RETURN(actions_, TransactWriteItems::Resolve(context, request_, plan_));
    WEIR_RETURN_IF_ERROR(CheckFaults(actions_));
    WEIR_ASSIGN_OR_RETURN(token_, TransactWriteItems::BeginOnce(context, request_));
    if (token_.replay().has_value()) {
      return MakeError(ErrorCode::kResourceInUse,
                       "The transaction of this ClientRequestToken was done before");
    }
    WEIR_ASSIGN_OR_RETURN(auto held, ResultsOf(storage::HoldTogether(WritesOf(actions_))));
    held_ = std::move(held.front());
    token_.Hold();
    return {};
  }

  Status Commit() {
    WEIR_ASSIGN_OR_RETURN(const std::vector<storage::WriteResult> results,
                          ResultsOf(held_->Commit(NoteOf(actions_, token_))));
    const MemoryReserve::MustNotFail done;  // else a repeated request would run it again
    token_.Finish(ReplayUnitsOf(actions_, results));
    return {};
  }

  void SetEnd(Clock::time_point end) { end_ = end; }
  [[nodiscard]] Clock::time_point end() const { return end_; }

  [[nodiscard]] std::int64_t action_count() const {
    return static_cast<std::int64_t>(actions_.size());
  }

 private:
  const TransactWriteItemsRequest request_;
  TransactWriteItems::Plan plan_;
  TransactionActions actions_;
  ClientRequestTokens::Use token_;
  std::unique_ptr<storage::HeldTransaction> held_;
  Clock::time_point end_;
};

HeldTransactions::HeldTransactions(Clock::duration life) : life_(life) {}
HeldTransactions::~HeldTransactions() = default;

Result<HeldTransactionDescription> HeldTransactions::Hold(
    Context& context, const TransactWriteItemsRequest& request) {
  auto transaction = std::make_unique<Transaction>(request);
  WEIR_RETURN_IF_ERROR(transaction->Hold(context));
  const MemoryReserve::Scope whole;
  // A transaction beyond the limit releases its items when this function returns.
  const MutexLock lock(mutex_);
  if (transactions_.size() >= limits::kHeldTransactions) {
    return MakeError(
        ErrorCode::kLimitExceeded,
        "Only " + std::to_string(limits::kHeldTransactions) + " transactions can be held at once");
  }
  HeldTransactionDescription description{std::to_string(++last_id_), transaction->action_count()};
  transaction->SetEnd(Clock::now() + life_);
  transactions_.emplace(description.transaction_id, std::move(transaction));
  if (!std::exchange(expiry_scheduled_, true)) {
    ScheduleExpiry(context.database, Clock::now() + life_);
  }
  return description;
}

void HeldTransactions::ScheduleExpiry(Database& database, Clock::time_point due) {
  database.PostAt(due, [this, &database] {
    const MemoryReserve::MustNotFail all;  // else no expiry might ever be scheduled again
    Expire(Clock::now());
    const MutexLock lock(mutex_);
    expiry_scheduled_ = !transactions_.empty();
    if (expiry_scheduled_) {
      ScheduleExpiry(database, NextEnd());
    }
  });
}

HeldTransactions::Clock::time_point HeldTransactions::NextEnd() const {
  Clock::time_point next = Clock::time_point::max();
  for (const auto& [id, transaction] : transactions_) {
    next = std::min(next, transaction->end());
  }
  return next;
}

void HeldTransactions::Expire(Clock::time_point now) {
  std::vector<TransactionPtr> expired;  // they end when the lock has been released
  const MutexLock lock(mutex_);
  for (auto entry = transactions_.begin(); entry != transactions_.end();) {
    if (entry->second->end() <= now) {
      expired.push_back(std::move(entry->second));
      entry = transactions_.erase(entry);
    } else {
      ++entry;
    }
  }
}

Result<HeldTransactions::TransactionPtr> HeldTransactions::Take(std::string_view id) {
  const MutexLock lock(mutex_);
  const auto found = transactions_.find(id);
  if (found == transactions_.end()) {
    return MakeError(ErrorCode::kResourceNotFound,
                     "There is no held transaction " + std::string(id));
  }
  TransactionPtr transaction = std::move(found->second);
  transactions_.erase(found);
  return transaction;
}

Status HeldTransactions::Commit(std::string_view id) {
  WEIR_ASSIGN_OR_RETURN(const TransactionPtr transaction, Take(id));
  return transaction->Commit();
}

Status HeldTransactions::Cancel(std::string_view id) {
  WEIR_ASSIGN_OR_RETURN(const TransactionPtr transaction, Take(id));
  return {};
}

HeldTransactionList HeldTransactions::List() const {
  const MutexLock lock(mutex_);
  HeldTransactionList list;
  for (const auto& [id, transaction] : transactions_) {
    list.transactions.push_back({id, transaction->action_count()});
  }
  return list;
}

}  // namespace weir::dynamodb
