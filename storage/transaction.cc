// SPDX-License-Identifier: Apache-2.0
#include "storage/transaction.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "storage/table.h"

namespace weir::storage {

// The locks of several tables, and the steps of a transaction under them. The analysis of locks
// knows no sets of them, so it is off here: the constructor takes each table's lock once and the
// destructor gives it back.
class TransactionScope {
 public:
  enum class Access : bool { kRead, kWrite };

  template <class Actions>
  TransactionScope(const Actions& actions, Access access) WEIR_NO_THREAD_SAFETY_ANALYSIS
      : access_(access) {
    for (const TransactionKey& action : actions) {
      tables_.push_back(action.table.get());
    }
    std::sort(tables_.begin(), tables_.end(), std::less<>());
    tables_.erase(std::unique(tables_.begin(), tables_.end()), tables_.end());
    for (Table* table : tables_) {
      access_ == Access::kWrite ? table->mutex_.Lock() : table->mutex_.LockShared();
    }
  }
  ~TransactionScope() WEIR_NO_THREAD_SAFETY_ANALYSIS {
    for (Table* table : tables_) {
      access_ == Access::kWrite ? table->mutex_.Unlock() : table->mutex_.UnlockShared();
    }
  }
  TransactionScope(const TransactionScope&) = delete;
  TransactionScope& operator=(const TransactionScope&) = delete;

  // ResourceNotFoundException if a table was dropped.
  [[nodiscard]] Status CheckPresent() const WEIR_NO_THREAD_SAFETY_ANALYSIS {
    for (const Table* table : tables_) {
      WEIR_RETURN_IF_ERROR(table->CheckPresent());
    }
    return {};
  }

  static Result<Item> Read(const TransactionKey& action) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    if (action.table->IsHeld(*action.key)) {
      return TransactionConflict();
    }
    return action.table->items_->Get(action.key->bytes());
  }

  // What each write makes of its item; `own` if the transaction itself holds the items.
  static TransactionOutcome<WriteResult> Try(std::span<const TransactionWrite> writes,
                                             bool own) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    const auto attempt = [&](const TransactionWrite& write) WEIR_NO_THREAD_SAFETY_ANALYSIS {
      return !own && write.table->IsHeld(*write.key)
                 ? Result<WriteResult>(TransactionConflict())
                 : write.table->Try(*write.key, *write.mutation);
    };
    return Collect<WriteResult>(writes, attempt);
  }

  // Calls `attempt` for each action.
  template <class T, class Actions, class Attempt>
  static TransactionOutcome<T> Collect(const Actions& actions, const Attempt& attempt) {
    TransactionOutcome<T> outcome;
    std::size_t index = 0;
    for (const auto& action : actions) {
      Result<T> result = attempt(action);
      if (result.ok()) {
        outcome.results.push_back(std::move(result).value());
      } else {
        outcome.faults.resize(actions.size());
        outcome.faults[index] = std::move(result).error();
      }
      ++index;
    }
    if (!outcome.ok()) {
      outcome.results.clear();
    }
    return outcome;
  }

  // Counts the changes in their item collections; if one does not fit, none counts.
  static void AccountCollections(std::span<const TransactionWrite> writes,
                                 TransactionOutcome<WriteResult>& outcome)
      WEIR_NO_THREAD_SAFETY_ANALYSIS {
    std::vector<WriteResult>& results = outcome.results;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (!results[i].changed()) {
        continue;
      }
      Status status = writes[i].table->AccountCollection(*writes[i].key, results[i]);
      if (status.ok()) {
        continue;
      }
      for (std::size_t done = 0; done < i; ++done) {
        if (results[done].changed()) {
          writes[done].table->ReleaseCollection(*writes[done].key, results[done]);
        }
      }
      outcome.faults.resize(writes.size());
      outcome.faults[i] = std::move(status).error();
      results.clear();
      return;
    }
  }

  // Stores and records the changes, all with one time.
  [[nodiscard]] CommitTicket Commit(std::span<const TransactionWrite> writes,
                                    std::vector<WriteResult>& results) const
      WEIR_NO_THREAD_SAFETY_ANALYSIS {
    Micros time{0};
    for (Table* table : tables_) {
      time = std::max({time, table->latest_write_, table->clock_.Now()});
    }
    std::size_t records = 0;
    for (const TransactionWrite& write : writes) {
      records += write.table->MaxStagedWrites();
    }
    WriteSet set(records);
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (results[i].changed()) {
        results[i].Stamp(time, Origin::kUser);
        writes[i].table->Stage(*writes[i].key, results[i], set);
      }
    }
    const CommitTicket ticket = tables_.front()->engine_.Commit(set.writes());
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (results[i].changed()) {
        writes[i].table->latest_write_ = time;
        writes[i].table->Record(*writes[i].key, results[i], Origin::kUser);
      }
    }
    return ticket;
  }

  static void Hold(const TransactionKey& action) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    action.table->held_.emplace(action.key->bytes());
  }
  static void LetGo(const TransactionKey& action) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    action.table->held_.erase(std::string(action.key->bytes()));
  }
  [[nodiscard]] Engine& engine() const { return tables_.front()->engine_; }

 private:
  const Access access_;
  std::vector<Table*> tables_;  // each once, in the order of their locks
};

namespace {

using Access = TransactionScope::Access;

Result<TransactionOutcome<WriteResult>> WriteOwned(std::span<const TransactionWrite> writes,
                                                   bool own) {
  TransactionOutcome<WriteResult> outcome;
  Engine* engine = nullptr;
  CommitTicket ticket = 0;
  {
    const TransactionScope scope(writes, Access::kWrite);
    if (own) {
      for (const TransactionWrite& write : writes) {
        TransactionScope::LetGo(write);
      }
    }
    WEIR_RETURN_IF_ERROR(scope.CheckPresent());
    outcome = TransactionScope::Try(writes, own);
    if (outcome.ok()) {
      TransactionScope::AccountCollections(writes, outcome);
    }
    if (!outcome.ok()) {
      return outcome;
    }
    ticket = scope.Commit(writes, outcome.results);
    engine = &scope.engine();
  }
  engine->WaitDurable(ticket);
  return outcome;
}

}  // namespace

Result<TransactionOutcome<WriteResult>> WriteTogether(std::span<const TransactionWrite> writes) {
  return WriteOwned(writes, false);
}

Result<TransactionOutcome<Item>> ReadTogether(std::span<const TransactionKey> keys) {
  const TransactionScope scope(keys, Access::kRead);
  WEIR_RETURN_IF_ERROR(scope.CheckPresent());
  return TransactionScope::Collect<Item>(keys, TransactionScope::Read);
}

Result<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
    std::vector<TransactionWrite> writes) {
  const TransactionScope scope(writes, Access::kWrite);
  WEIR_RETURN_IF_ERROR(scope.CheckPresent());
  TransactionOutcome<WriteResult> tried = TransactionScope::Try(writes, false);
  TransactionOutcome<std::unique_ptr<HeldTransaction>> outcome;
  outcome.faults = std::move(tried.faults);
  if (outcome.ok()) {
    for (const TransactionWrite& write : writes) {
      TransactionScope::Hold(write);
    }
    outcome.results.emplace_back(new HeldTransaction(std::move(writes)));
  }
  return outcome;
}

Result<TransactionOutcome<WriteResult>> HeldTransaction::Commit() {
  const std::vector<TransactionWrite> writes = std::exchange(writes_, {});
  return WriteOwned(writes, true);
}

HeldTransaction::~HeldTransaction() {
  const TransactionScope scope(writes_, Access::kWrite);
  for (const TransactionWrite& write : writes_) {
    TransactionScope::LetGo(write);
  }
}

}  // namespace weir::storage
