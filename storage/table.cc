// SPDX-License-Identifier: Apache-2.0
#include "storage/table.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "core/memory_reserve.h"

namespace weir::storage {
namespace {

// How often a write is tried whose work is too much for the table's lock, and whose item others
// change meanwhile, before it has its way.
constexpr int kMostWriteRounds = 8;

}  // namespace

Table::Table(TableDescription description, Engine& engine, const Clock& clock,
             std::shared_ptr<LogBudget> log_budget)
    : engine_(engine),
      clock_(clock),
      key_schema_(description.key_schema),
      log_(std::make_shared<ChangeLog>(std::move(log_budget))),
      items_(engine.NewSpace()) {
  Publish(std::make_shared<const TableDescription>(std::move(description)));
  for (const IndexDefinitionPtr& index : description_->indexes) {
    indexes_.emplace_back(index, engine.NewSpace(), true);
  }
  indexed_ = IndexedAttributes(description_->indexes);
  if (HasLocalIndex(*description_)) {
    collections_.emplace();
  }
}

Table::Table(TableDescription description, Engine& engine, const Clock& clock,
             const TableImage& image, std::shared_ptr<LogBudget> log_budget)
    : engine_(engine),
      clock_(clock),
      key_schema_(description.key_schema),
      log_(std::make_shared<ChangeLog>(std::move(log_budget))),
      items_(engine.NewSpace(*image.items)),
      statistics_(image.statistics) {
  Follow(description);
  if (HasLocalIndex(description)) {
    collections_.emplace();
    collections_progress_ = BuildProgress(false);
  }
  Publish(std::make_shared<const TableDescription>(std::move(description)));
}

TableDescriptionPtr Table::description() const {
  const MutexLock lock(published_mutex_);
  return published_;
}

void Table::Publish(TableDescriptionPtr next) {
  description_ = next;
  restoring_.store(IsRestoring(*next), std::memory_order_release);
  const MutexLock lock(published_mutex_);
  published_.swap(next);  // the one before goes after the lock
}

TableStatistics Table::statistics() const {
  const ReaderLock lock(mutex_);
  TableStatistics statistics{statistics_, {}};
  for (const SecondaryIndex& index : indexes_) {
    statistics.indexes[index.definition().name] = index.statistics();
  }
  return statistics;
}

Outcome<void> Table::CheckPresent() const {
  if (dropped_) {
    return Fault(Fault::Kind::kTableDropped);
  }
  return {};
}

Outcome<Item> Table::Get(const PrimaryKey& key) const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  return items_->Get(key.bytes());
}

Outcome<std::unique_ptr<SpaceView>> Table::Snapshot() const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  return items_->Snapshot();
}

Outcome<std::unique_ptr<SpaceView>> Table::Snapshot(const IndexDefinition& index) const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  for (const SecondaryIndex& candidate : indexes_) {
    if (&candidate.definition() == &index) {
      if (!candidate.progress().complete() ||
          IsBeingAdded(*description_, index.name, clock_.Now())) {
        return Fault(Fault::Kind::kIndexBuilding, index.name);
      }
      return candidate.Snapshot();
    }
  }
  return Fault(Fault::Kind::kIndexMissing, index.name);
}

Outcome<TableImage> Table::Image() const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  return TableImage{description_, items_->Snapshot(), statistics_};
}

TableImage Table::LastImage() const {
  const ReaderLock lock(mutex_);
  return TableImage{description_, items_->Snapshot(), statistics_};
}

Outcome<WriteResult> Table::Write(const PrimaryKey& key, const Mutation& mutation, Origin origin) {
  WriteAttempt attempt;
  for (int round = 1;; ++round) {
    const bool last = round == kMostWriteRounds;
    WEIR_ASSIGN_OR_RETURN(
        const CommitTicket ticket,
        TryToWrite(key, mutation, origin, last ? SIZE_MAX : kWorkUnderLock, attempt));
    if (attempt.evaluated) {
      engine_.WaitDurable(ticket);
      return std::move(attempt.result);
    }
    // Long work, while which others write. A refusal is good for the item that it has seen.
    WEIR_RETURN_IF_ERROR(attempt.Evaluate(mutation));
  }
}

Outcome<CommitTicket> Table::TryToWrite(const PrimaryKey& key, const Mutation& mutation,
                                        Origin origin, std::size_t work_left,
                                        WriteAttempt& attempt) {
  const WriterLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  if (IsHeld(key.bytes())) {
    return Fault(Fault::Kind::kItemHeld);
  }
  WEIR_RETURN_IF_ERROR(Try(key, mutation, work_left, attempt));
  WriteResult& result = attempt.result;
  if (!attempt.evaluated || !result.changed()) {
    return CommitTicket{0};
  }
  const MemoryReserve::Scope whole(result.after ? MemoryReserve::Use::kGrowth
                                                : MemoryReserve::Use::kAny);
  WEIR_RETURN_IF_ERROR(AccountCollection(key, result));
  latest_write_ = std::max(latest_write_, clock_.Now());
  result.Stamp(latest_write_, origin);
  WriteSet writes(MaxStagedWrites());
  Stage(key, result, writes);
  const CommitTicket ticket = engine_.Commit(writes.writes());
  Record(key, result, origin);
  return ticket;
}

Outcome<void> Table::Try(const PrimaryKey& key, const Mutation& mutation, std::size_t& work_left,
                         WriteAttempt& attempt) const {
  Item before = items_->Get(key.bytes());
  if (!attempt.evaluated || !before.SameVersion(attempt.result.before)) {
    attempt = WriteAttempt{.result = {.before = std::move(before), .after = {}}};
    const std::size_t work = mutation.Work(attempt.result.before.packed_size());
    if (work > work_left) {
      return {};
    }
    work_left -= work;
    (void)attempt.Evaluate(mutation);
  }
  if (attempt.refusal.has_value()) {
    return *attempt.refusal;
  }
  if (collections_.has_value()) {
    attempt.result.collection_size = collections_->SizeOf(key.partition_prefix());
  }
  return {};
}

Outcome<void> WriteAttempt::Evaluate(const Mutation& mutation) {
  evaluated = true;
  Result<Item> after = mutation.Apply(result.before);
  if (!after.ok()) {
    refusal.emplace(std::move(after).error());
    return *refusal;
  }
  result.after = std::move(after).value();
  return {};
}

std::uint64_t Table::CollectedSize(const Item& item) const {
  return SizeWithLocalEntries(*description_, WithPart(item, indexed_));
}

Outcome<void> Table::AccountCollection(const PrimaryKey& key, WriteResult& result) {
  if (!collections_.has_value()) {
    return {};
  }
  const std::uint64_t removed = CollectedSize(result.before);
  const std::uint64_t added = CollectedSize(result.after);
  WEIR_RETURN_IF_ERROR(collections_->CheckGrowth(key.partition_prefix(), removed, added));
  collections_->Change(key.partition_prefix(), removed, added);
  result.collection_size = collections_->SizeOf(key.partition_prefix());
  return {};
}

void Table::ReleaseCollection(const PrimaryKey& key, const WriteResult& result) {
  if (collections_.has_value()) {
    collections_->Change(key.partition_prefix(), CollectedSize(result.after),
                         CollectedSize(result.before));
  }
}

void Table::Stage(const PrimaryKey& key, const WriteResult& result, WriteSet& writes) {
  if (result.before) {
    statistics_.Remove(result.before.aws_size());
  }
  if (result.after) {
    statistics_.Add(result.after.aws_size());
  }
  writes.AddBorrowed(items_.get(), key.bytes(), result.after);
  if (!indexes_.empty()) {
    const IndexedItem before = WithPart(result.before, indexed_);
    const IndexedItem after = WithPart(result.after, indexed_);
    for (SecondaryIndex& index : indexes_) {
      index.Maintain(key.bytes(), before, after, writes);
    }
  }
  if (expiry_.has_value()) {
    if (const auto due = expiry_->Maintain(key.bytes(), result, clock_.Now(), writes)) {
      Schedule(*due);
    }
  }
}

void Table::Record(const PrimaryKey& key, const WriteResult& result, Origin origin) {
  log_->Append({.sequence = 0,
                .key_hash = key.hash(),
                .before = result.before,
                .after = result.after,
                .time = latest_write_,
                .origin = origin});
}

Outcome<TableDescriptionPtr> Table::Alter(const DescriptionChange& change) {
  const WriterLock lock(mutex_);
  return Change(change);
}

Outcome<TableDescriptionPtr> Table::Change(const DescriptionChange& change) {
  WEIR_RETURN_IF_ERROR(CheckPresent());
  const MemoryReserve::Scope whole;  // `change` may have effects elsewhere
  auto next = std::make_shared<TableDescription>(*description_);
  if (Status changed = change(*next); !changed.ok()) {
    return Fault(std::move(changed).error());
  }
  Follow(*next);
  Publish(std::move(next));
  return description_;
}

Outcome<TableDescriptionPtr> Table::Drop(const DescriptionChange& change) {
  const WriterLock lock(mutex_);
  WEIR_ASSIGN_OR_RETURN(TableDescriptionPtr last, Change(change));
  dropped_ = true;
  return last;
}

TableChange ChangeAt(const TableDescription& table, Micros now) {
  return now < table.change_due ? table.change : TableChange::kNone;
}

bool IsBeingAdded(const TableDescription& table, std::string_view index, Micros now) {
  const std::optional<OnlineIndex>& online = table.online_index;
  return table.building.contains(index) || (online.has_value() && online->before == nullptr &&
                                            online->name == index && now < online->due);
}

bool ChangesIndexes(const TableDescription& table, Micros now) {
  return !table.building.empty() ||
         (table.online_index.has_value() && now < table.online_index->due);
}

IndexDefinitionPtr FindIndex(const TableDescription& table, std::string_view name) {
  const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                  [&](const auto& index) { return index->name == name; });
  return found == table.indexes.end() ? nullptr : *found;
}

bool HasLocalIndex(const TableDescription& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [](const auto& index) { return !index->global(); });
}

std::size_t SizeWithLocalEntries(const TableDescription& table, const Item& item) {
  return SizeWithLocalEntries(table, IndexedItem{.whole = item, .part = item});
}

std::size_t SizeWithLocalEntries(const TableDescription& table, const IndexedItem& item) {
  std::size_t size = item.whole.aws_size();
  for (const IndexDefinitionPtr& index : table.indexes) {
    if (!index->global() &&
        IndexEntryKey(index->key_schema, item.part.attributes(), {}).has_value()) {
      size += item.AwsSizeOf(index->view);
    }
  }
  return size;
}

}  // namespace weir::storage
