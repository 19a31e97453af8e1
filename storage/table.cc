// SPDX-License-Identifier: Apache-2.0
#include "storage/table.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "core/memory_reserve.h"
#include "storage/disk/table_rows.h"

namespace weir::storage {
namespace {

// How often a write is tried whose work is too much for the table's lock, as long as others change
// its item meanwhile. The last time it does its work under the lock.
constexpr int kMostWriteRounds = 8;

// How many expired items are deleted in one go under the table's lock.
constexpr std::size_t kExpiryBatch = 64;
// How long until expired items that held transactions hold are looked at again.
constexpr Micros kHeldItemsPause = std::chrono::seconds(1);
// How long until expired items are deleted after all when nothing could be written.
constexpr Micros kUnwritablePause = std::chrono::seconds(1);

}  // namespace

Table::Table(TableMetadata metadata, Engine& engine, const Clock& clock,
             std::shared_ptr<LogBudget> log_budget)
    : engine_(engine),
      clock_(clock),
      number_(engine.NewTableNumber()),
      key_schema_(metadata.key_schema),
      log_(std::make_shared<ChangeLog>(std::move(log_budget), number_, engine.archive())),
      items_(engine.NewSpace()),
      derived_(metadata, engine, clock, true) {
  Publish(std::make_shared<const TableMetadata>(std::move(metadata)));
}

Table::Table(TableMetadata metadata, Engine& engine, const Clock& clock, const TableImage& image,
             std::shared_ptr<LogBudget> log_budget)
    : engine_(engine),
      clock_(clock),
      number_(engine.NewTableNumber()),
      key_schema_(metadata.key_schema),
      log_(std::make_shared<ChangeLog>(std::move(log_budget), number_, engine.archive())),
      items_(engine.NewSpace(*image.items)),
      statistics_(image.statistics),
      derived_(metadata, engine, clock, false) {
  Publish(std::make_shared<const TableMetadata>(std::move(metadata)));
}

Table::Table(KeptTable kept, Engine& engine, const Clock& clock, std::shared_ptr<ChangeLog> log)
    : engine_(engine),
      clock_(clock),
      number_(kept.number),
      key_schema_(kept.metadata->key_schema),
      log_(std::move(log)),
      kept_(true),
      items_(std::move(kept.items)),
      dropped_(kept.dropped),
      latest_write_(kept.latest_write),
      statistics_(kept.statistics),
      derived_(*std::make_unique<TableMetadata>(*kept.metadata), engine, clock, false) {
  const WriterLock lock(mutex_);
  Publish(std::move(kept.metadata));
  if (!dropped_) {
    BuildAll();
  }
}

void Table::BuildAll() {
  constexpr std::uint64_t kMany = 10'000;  // for fewer items threads are not worth their start
  if (statistics_.item_count > kMany) {
    derived_.BuildIndexes(*items_);
  }
  while (derived_.BuildSome(*metadata_, *items_).any) {
  }
  Note([](TableMetadata& next) { next.building.clear(); });
}

TableMetadataPtr Table::metadata() const {
  const MutexLock lock(published_mutex_);
  return published_;
}

void Table::Publish(TableMetadataPtr next) {
  metadata_ = next;
  restoring_.store(IsRestoring(*next), std::memory_order_release);
  const MutexLock lock(published_mutex_);
  published_.swap(next);  // the old one is freed after the unlock
}

TableStatistics Table::statistics() const {
  const ReaderLock lock(mutex_);
  TableStatistics statistics{statistics_, {}};
  for (const SecondaryIndex& index : derived_.indexes()) {
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
  for (const SecondaryIndex& candidate : derived_.indexes()) {
    if (&candidate.definition() == &index) {
      if (!candidate.progress().complete() || IsBeingAdded(*metadata_, index.name, clock_.Now())) {
        return Fault(Fault::Kind::kIndexBuilding, index.name);
      }
      return candidate.Snapshot();
    }
  }
  return Fault(Fault::Kind::kIndexMissing, index.name);
}

Outcome<TableImage> Table::Image(const ImageUse& use) const {
  const ReaderLock lock(mutex_);
  WEIR_RETURN_IF_ERROR(CheckPresent());
  TableImage image{metadata_, items_->Snapshot(), statistics_};
  if (use) {
    use(image);
  }
  return image;
}

Table::Kept Table::AsKept() const {
  const ReaderLock lock(mutex_);
  return {.image = {metadata_, items_->Snapshot(), statistics_},
          .position = engine_.position(),
          .latest_write = latest_write_,
          .dropped = dropped_,
          .next_sequence = log_->next_sequence()};
}

void Table::KeepAsNew() {
  kept_ = true;
  if (engine_.durable()) {
    const TableMetadataPtr present = metadata();
    std::string row;
    WriteRow(
        TableRow{
            .number = number_, .from_backup = present->restore.has_value(), .metadata = present},
        row);
    engine_.Keep(RowKind::kTable, row);
  }
}

void Table::KeepMetadata(RowKind kind, const TableMetadata& metadata) const {
  if (engine_.durable()) {
    std::string row;
    RecordWriter writer(row);
    writer.Put(number_);
    WriteMetadata(metadata, writer);
    engine_.Keep(kind, row);
  }
}

TableImage Table::LastImage() const {
  const ReaderLock lock(mutex_);
  return TableImage{metadata_, items_->Snapshot(), statistics_};
}

Outcome<WriteResult> Table::Write(const PrimaryKey& key, const Mutation& mutation, Origin origin) {
  WEIR_RETURN_IF_ERROR(engine_.CheckWritable());
  WriteAttempt attempt;
  for (int round = 1;; ++round) {
    const bool last = round == kMostWriteRounds;
    WEIR_RETURN_IF_ERROR(
        TryToWrite(key, mutation, origin, last ? SIZE_MAX : kWorkUnderLock, attempt));
    if (attempt.evaluated) {
      return std::move(attempt.result);
    }
    // The work is long, so others may write during it. A refusal is final: it was right for the
    // item that the mutation saw.
    WEIR_RETURN_IF_ERROR(attempt.Evaluate(mutation));
  }
}

Outcome<void> Table::TryToWrite(const PrimaryKey& key, const Mutation& mutation, Origin origin,
                                std::size_t work_left, WriteAttempt& attempt) {
  const WriterLock lock(mutex_);
  engine_.Rely();
  WEIR_RETURN_IF_ERROR(CheckPresent());
  if (IsHeld(key.bytes())) {
    return Fault(Fault::Kind::kItemHeld);
  }
  WEIR_RETURN_IF_ERROR(Try(key, mutation, work_left, attempt));
  WriteResult& result = attempt.result;
  if (!attempt.evaluated || !result.changed()) {
    return {};
  }
  const MemoryReserve::Scope whole(result.after ? MemoryReserve::Use::kGrowth
                                                : MemoryReserve::Use::kAny);
  WEIR_RETURN_IF_ERROR(derived_.Account(*metadata_, key, result));
  latest_write_ = std::max(latest_write_, clock_.Now());
  result.Stamp(latest_write_, origin);
  WriteSet writes(MaxStagedWrites());
  Stage(key, result, writes);
  Change change = ChangeOf(key, result, origin);
  const KeptChange kept = ToKeep(key, change);
  engine_.Commit(writes.writes(), {&kept, 1});
  log_->Append(std::move(change));
  return {};
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
  attempt.result.collection_size = derived_.CollectionSize(key.partition_prefix());
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

void Table::Stage(const PrimaryKey& key, const WriteResult& result, WriteSet& writes) {
  if (result.before) {
    statistics_.Remove(result.before.aws_size());
  }
  if (result.after) {
    statistics_.Add(result.after.aws_size());
  }
  writes.AddBorrowed(items_.get(), key.bytes(), result.after);
  if (const auto expires = derived_.Stage(key.bytes(), result, writes)) {
    Schedule(*expires);
  }
}

Change Table::ChangeOf(const PrimaryKey& key, const WriteResult& result, Origin origin) const {
  return {.sequence = 0,
          .key_hash = key.hash(),
          .before = result.before,
          .after = result.after,
          .time = latest_write_,
          .origin = origin};
}

Outcome<TableMetadataPtr> Table::Alter(const MetadataChange& change) {
  if (kept_) {  // whoever adds a new table has asked before that
    WEIR_RETURN_IF_ERROR(engine_.CheckWritable());
  }
  const WriterLock lock(mutex_);
  return ChangeMetadata(change);
}

Outcome<TableMetadataPtr> Table::ChangeMetadata(const MetadataChange& change) {
  WEIR_RETURN_IF_ERROR(CheckPresent());
  const MemoryReserve::Scope whole;  // `change` may have effects elsewhere
  const RowGroup together(engine_);
  auto next = std::make_shared<TableMetadata>(*metadata_);
  if (Status changed = change(*next); !changed.ok()) {
    return Fault(std::move(changed).error());
  }
  DerivedState::Followed followed = derived_.Follow(*next);
  if (followed.builds) {
    Schedule(clock_.Now());
  }
  Free(std::move(followed.unused));
  Publish(std::move(next));
  KeepMetadata(RowKind::kMetadata, *metadata_);
  return metadata_;
}

Outcome<TableMetadataPtr> Table::Drop(const MetadataChange& change) {
  WEIR_RETURN_IF_ERROR(engine_.CheckWritable());
  const WriterLock lock(mutex_);
  const RowGroup together(engine_);
  WEIR_ASSIGN_OR_RETURN(TableMetadataPtr last, ChangeMetadata(change));
  dropped_ = true;
  KeepMetadata(RowKind::kDropped, *last);
  return last;
}

void Table::DriveBy(Timeline& timeline, BackgroundExecutor& background) {
  background_ = &background;
  work_.emplace(timeline, [this] { Work(); });
  const WriterLock lock(mutex_);
  Schedule(clock_.Now());
}

void Table::Schedule(Micros due) {
  if (work_.has_value() && due < scheduled_) {
    scheduled_ = due;
    work_->SetNoLaterThan(due);
  }
}

void Table::Work() {
  const WriterLock lock(mutex_);
  const MemoryReserve::Scope whole;
  scheduled_ = Micros::max();
  if (dropped_) {
    return;
  }
  const DerivedState::Built built = derived_.BuildSome(*metadata_, *items_);
  if (built.completed.has_value()) {
    Note([&](TableMetadata& next) { next.building.erase(*built.completed); });
  }
  if (built.any) {
    Schedule(clock_.Now());
    return;
  }
  if (IsRestoring(*metadata_)) {
    Note([](TableMetadata& next) { next.restore->in_progress = false; });
  }
  if (derived_.expires() && engine_.writable()) {
    DeleteExpired();
  } else if (derived_.expires()) {
    Schedule(clock_.Now() + kUnwritablePause);
  }
}

void Table::Note(const std::function<void(TableMetadata&)>& change) {
  auto next = std::make_shared<TableMetadata>(*metadata_);
  change(*next);
  Publish(std::move(next));
}

void Table::DeleteExpired() {
  const Micros now = clock_.Now();
  bool some_held = false;
  // Called while the lock is held, which the thread safety analysis does not see in a lambda.
  const auto is_held = [&](std::string_view key) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    const bool held = IsHeld(key);
    some_held = some_held || held;
    return held;
  };
  const ExpiryIndex::Due due = derived_.ExpiredAt(now, kExpiryBatch, is_held);
  latest_write_ = std::max(latest_write_, now);
  std::vector<PrimaryKey> keys;
  std::vector<Change> changes;
  std::vector<KeptChange> kept;
  keys.reserve(due.items.size());  // the writes refer to them, and to the changes
  changes.reserve(due.items.size());
  WriteSet writes(due.items.size() * MaxStagedWrites());
  for (const Item& item : due.items) {
    Result<PrimaryKey> key = PrimaryKey::OfItem(key_schema_, item.attributes());
    if (!key.ok()) {
      continue;
    }
    keys.push_back(std::move(key).value());
    WriteResult result{item, {}};
    (void)derived_.Account(*metadata_, keys.back(), result);  // what shrinks is never too large
    Stage(keys.back(), result, writes);
    changes.push_back(ChangeOf(keys.back(), result, Origin::kTimeToLive));
    kept.push_back(ToKeep(keys.back(), changes.back()));
  }
  engine_.Commit(writes.writes(), kept);
  for (Change& change : changes) {
    log_->Append(std::move(change));
  }
  if (some_held) {
    Schedule(now + kHeldItemsPause);
  }
  if (due.next.has_value() && (*due.next > now || !keys.empty())) {
    Schedule(*due.next);
  }
}

void Table::Free(std::vector<std::unique_ptr<Space>> spaces) const {
  if (background_ != nullptr && !spaces.empty()) {
    background_->Post([held = std::make_shared<std::vector<std::unique_ptr<Space>>>(
                           std::move(spaces))]() mutable { held.reset(); });
  }
}

}  // namespace weir::storage
