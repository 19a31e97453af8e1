// SPDX-License-Identifier: Apache-2.0
#include "storage/transaction.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include "core/memory_reserve.h"
#include "storage/table.h"

namespace weir::storage {

// The locks of several tables, and the steps of a transaction under them. The thread safety
// analysis cannot follow a set of locks, so it is off here. The constructor takes each table's lock
// once, and the destructor releases it.
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

  // Before the locks; see Engine::CheckWritable.
  static Outcome<void> CheckWritable(std::span<const TransactionWrite> writes) {
    return writes.empty() ? Outcome<void>() : writes.front().table->engine_.CheckWritable();
  }

  // Fails with kTableDropped if one of the tables was dropped.
  [[nodiscard]] Outcome<void> CheckPresent() const WEIR_NO_THREAD_SAFETY_ANALYSIS {
    for (const Table* table : tables_) {
      WEIR_RETURN_IF_ERROR(table->CheckPresent());
    }
    return {};
  }

  static Outcome<Item> Read(const TransactionKey& action) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    if (action.table->IsHeld(action.key->bytes())) {
      return Fault(Fault::Kind::kItemHeld);
    }
    return action.table->items_->Get(action.key->bytes());
  }

  // Finds out what each write makes of its item, as far as kWorkUnderLock allows that under the
  // locks. `own`: the transaction itself holds the items.
  static TransactionOutcome<WriteResult> Try(std::span<const TransactionWrite> writes, bool own,
                                             std::vector<WriteAttempt>& attempts)
      WEIR_NO_THREAD_SAFETY_ANALYSIS {
    std::size_t work_left = kWorkUnderLock;
    std::size_t index = 0;
    const auto attempt = [&](const TransactionWrite& write)
                             WEIR_NO_THREAD_SAFETY_ANALYSIS -> Outcome<WriteResult> {
      WriteAttempt& tried = attempts[index++];
      if (!own && write.table->IsHeld(write.key->bytes())) {
        return Fault(Fault::Kind::kItemHeld);
      }
      WEIR_RETURN_IF_ERROR(write.table->Try(*write.key, *write.mutation, work_left, tried));
      return tried.result;
    };
    return Collect<WriteResult>(writes, attempt);
  }

  // Calls `attempt` for each action, and collects the results and faults.
  template <class T, class Actions, class Attempt>
  static TransactionOutcome<T> Collect(const Actions& actions, const Attempt& attempt) {
    TransactionOutcome<T> outcome;
    std::size_t index = 0;
    for (const auto& action : actions) {
      Outcome<T> result = attempt(action);
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

  // Counts the changes in their item collections. If one does not fit, counts none, and sets its
  // fault.
  static void AccountCollections(std::span<const TransactionWrite> writes,
                                 TransactionOutcome<WriteResult>& outcome)
      WEIR_NO_THREAD_SAFETY_ANALYSIS {
    std::vector<WriteResult>& results = outcome.results;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (!results[i].changed()) {
        continue;
      }
      Outcome<void> status = writes[i].table->derived_.Account(*writes[i].table->metadata_,
                                                               *writes[i].key, results[i]);
      if (status.ok()) {
        continue;
      }
      for (std::size_t done = 0; done < i; ++done) {
        if (results[done].changed()) {
          writes[done].table->derived_.Release(*writes[done].table->metadata_, *writes[done].key,
                                               results[done]);
        }
      }
      outcome.faults.resize(writes.size());
      outcome.faults[i] = std::move(status).error();
      results.clear();
      return;
    }
  }

  // Stores and records the changes, all with one time, and keeps with them what `note` keeps.
  void Commit(std::span<const TransactionWrite> writes, std::vector<WriteResult>& results,
              const CommitNote& note) const WEIR_NO_THREAD_SAFETY_ANALYSIS {
    Micros time{0};
    for (Table* table : tables_) {
      time = std::max({time, table->latest_write_, table->clock_.Now()});
    }
    std::size_t records = 0;
    for (const TransactionWrite& write : writes) {
      records += write.table->MaxStagedWrites();
    }
    WriteSet set(records);
    std::vector<Change> changes;
    std::vector<KeptChange> kept;
    changes.reserve(writes.size());  // `kept` refers to them
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (results[i].changed()) {
        Table& table = *writes[i].table;
        results[i].Stamp(time, Origin::kUser);
        table.Stage(*writes[i].key, results[i], set);
        table.latest_write_ = time;
        changes.push_back(table.ChangeOf(*writes[i].key, results[i], Origin::kUser));
        kept.push_back(table.ToKeep(*writes[i].key, changes.back()));
      }
    }
    {
      const RowGroup together(engine());
      engine().Commit(set.writes(), kept);
      if (note) {
        note(results);
      }
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < writes.size(); ++i) {
      if (results[i].changed()) {
        writes[i].table->log_->Append(std::move(changes[next++]));
      }
    }
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
  std::vector<Table*> tables_;  // each once, in the order in which they are locked
};

namespace {

using Access = TransactionScope::Access;

// How often a transaction is tried whose work is too much for the tables' locks, as long as others
// change its items meanwhile. After that it fails with a conflict for these items.
constexpr int kMostRounds = 8;

// The indexes of the actions that are not refused and still to be evaluated.
std::vector<std::size_t> Unevaluated(const std::vector<WriteAttempt>& attempts,
                                     const TransactionOutcome<WriteResult>& outcome) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const bool refused = !outcome.ok() && outcome.faults[i].has_value();
    if (!attempts[i].evaluated && !refused) {
      left.push_back(i);
    }
  }
  return left;
}

void SetConflicts(const std::vector<std::size_t>& indexes, std::size_t size,
                  TransactionOutcome<WriteResult>& outcome) {
  outcome.results.clear();
  outcome.faults.resize(size);
  for (const std::size_t index : indexes) {
    outcome.faults[index] = Fault(Fault::Kind::kItemHeld);
  }
}

// Finds out what the writes make of their items and, if none is refused, calls `commit` with the
// outcome before it releases the locks. `own`: the transaction itself holds the items.
template <class Commit>
Outcome<TransactionOutcome<WriteResult>> TryTogether(std::span<const TransactionWrite> writes,
                                                     bool own, const Commit& commit) {
  std::vector<WriteAttempt> attempts(writes.size());
  for (int round = 1;; ++round) {
    std::vector<std::size_t> left;
    {
      const TransactionScope scope(writes, Access::kWrite);
      scope.engine().Rely();
      WEIR_RETURN_IF_ERROR(scope.CheckPresent());
      TransactionOutcome<WriteResult> outcome = TransactionScope::Try(writes, own, attempts);
      left = Unevaluated(attempts, outcome);
      if (round == kMostRounds && !left.empty()) {
        SetConflicts(left, writes.size(), outcome);
        left.clear();
      }
      if (left.empty()) {
        if (outcome.ok()) {
          commit(scope, outcome);
        }
        return outcome;
      }
    }
    // The work is long, so others may write during it.
    for (const std::size_t index : left) {
      (void)attempts[index].Evaluate(*writes[index].mutation);
    }
  }
}

Outcome<TransactionOutcome<WriteResult>> WriteOwned(std::span<const TransactionWrite> writes,
                                                    bool own, const CommitNote& note) {
  WEIR_RETURN_IF_ERROR(TransactionScope::CheckWritable(writes));
  const auto commit = [&](const TransactionScope& scope, TransactionOutcome<WriteResult>& outcome) {
    const bool grows = std::any_of(outcome.results.begin(), outcome.results.end(),
                                   [](const WriteResult& result) { return bool{result.after}; });
    const MemoryReserve::Scope whole(grows ? MemoryReserve::Use::kGrowth
                                           : MemoryReserve::Use::kAny);
    TransactionScope::AccountCollections(writes, outcome);
    if (outcome.ok()) {
      scope.Commit(writes, outcome.results, note);
    }
  };
  return TryTogether(writes, own, commit);
}

}  // namespace

Outcome<TransactionOutcome<WriteResult>> WriteTogether(std::span<const TransactionWrite> writes,
                                                       const CommitNote& note) {
  return WriteOwned(writes, false, note);
}

Outcome<TransactionOutcome<Item>> ReadTogether(std::span<const TransactionKey> keys) {
  const TransactionScope scope(keys, Access::kRead);
  WEIR_RETURN_IF_ERROR(scope.CheckPresent());
  return TransactionScope::Collect<Item>(keys, TransactionScope::Read);
}

Outcome<TransactionOutcome<std::unique_ptr<HeldTransaction>>> HoldTogether(
    std::vector<TransactionWrite> writes) {
  const auto hold = [&](const TransactionScope&, TransactionOutcome<WriteResult>&) {
    const MemoryReserve::Scope whole;
    for (const TransactionWrite& write : writes) {
      TransactionScope::Hold(write);
    }
  };
  // All that needs memory comes before the items are held: nobody would let them go.
  std::unique_ptr<HeldTransaction> held(new HeldTransaction({}));
  TransactionOutcome<std::unique_ptr<HeldTransaction>> outcome;
  outcome.results.reserve(1);
  WEIR_ASSIGN_OR_RETURN(TransactionOutcome<WriteResult> tried, TryTogether(writes, false, hold));
  outcome.faults = std::move(tried.faults);
  if (outcome.ok()) {
    held->writes_ = std::move(writes);
    outcome.results.push_back(std::move(held));
  }
  return outcome;
}

Outcome<TransactionOutcome<WriteResult>> HeldTransaction::Commit(const CommitNote& note) {
  Outcome<TransactionOutcome<WriteResult>> outcome = WriteOwned(writes_, true, note);
  LetGo();
  return outcome;
}

HeldTransaction::~HeldTransaction() {
  // Others must get the items back, even if at first there is not the little memory that this
  // takes.
  constexpr std::chrono::milliseconds kPause{10};
  for (bool ended = false; !ended;) {
    try {
      LetGo();
      ended = true;
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(kPause);
    }
  }
}

void HeldTransaction::LetGo() {
  const TransactionScope scope(writes_, Access::kWrite);
  for (const TransactionWrite& write : writes_) {
    TransactionScope::LetGo(write);
  }
  writes_.clear();
}

}  // namespace weir::storage
