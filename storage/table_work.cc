// SPDX-License-Identifier: Apache-2.0
// What a table does by itself: builds what follows its items, and deletes those that expire.
#include <algorithm>
#include <utility>

#include "core/memory_reserve.h"
#include "storage/table.h"

namespace weir::storage {
namespace {

// How much is done in one go under the table's lock, for which requests may be waiting.
// Of items that are taken up in one go; some 10 ns a byte, if they have many small attributes.
constexpr std::size_t kBuildBatch = 64;
constexpr std::size_t kBuildBytes = std::size_t{1} << 20U;
constexpr std::size_t kExpiryBatch = 64;
// When items that held transactions have are looked at again.
constexpr Micros kHeldItemsPause = std::chrono::seconds(1);

bool Has(const TableDescription& table, const IndexDefinition& index) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const auto& definition) { return definition.get() == &index; });
}

}  // namespace

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
  if (BuildSome()) {
    Schedule(clock_.Now());
  } else if (expiry_.has_value()) {
    DeleteExpired();
  }
}

bool Table::BuildSome() {
  const AttributeSelection indexed =
      indexed_;  // not by reference: the lock is not seen in a lambda
  for (SecondaryIndex& index : indexes_) {
    if (!index.progress().complete()) {
      Build(index.progress(), [&](std::string_view key, const Item& item, WriteSet& writes) {
        index.Include(key, WithPart(item, indexed), writes);
      });
      if (index.progress().complete()) {
        Describe([&](TableDescription& next) { next.building.erase(index.definition().name); });
      }
      return true;
    }
  }
  if (!collections_progress_.complete()) {
    ItemCollections& collections = *collections_;
    const TableDescription& description = *description_;
    Build(collections_progress_, [&](std::string_view /*key*/, const Item& item, WriteSet&) {
      const Result<PrimaryKey> key = PrimaryKey::OfItem(key_schema_, item.attributes());
      collections.Change(key.value().partition_prefix(), 0,
                         SizeWithLocalEntries(description, WithPart(item, indexed)));
    });
    return true;
  }
  if (expiry_.has_value() && !expiry_->progress().complete()) {
    ExpiryIndex& expiry = *expiry_;
    Build(expiry.progress(), [&](std::string_view key, const Item& item, WriteSet& writes) {
      expiry.Include(key, item, clock_.Now(), writes);
    });
    return true;
  }
  if (IsRestoring(*description_)) {
    Describe([](TableDescription& next) { next.restore->in_progress = false; });
  }
  return false;
}

void Table::Describe(const std::function<void(TableDescription&)>& change) {
  auto next = std::make_shared<TableDescription>(*description_);
  change(*next);
  Publish(std::move(next));
}

void Table::Build(BuildProgress& progress, const IncludeItem& include) {
  WriteSet writes(kBuildBatch * SecondaryIndex::kMaxWrites);
  const std::unique_ptr<SpaceView> items = items_->Snapshot();
  const std::unique_ptr<Cursor> cursor = items->NewCursor();
  cursor->Seek(progress.position());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kBuildBatch && bytes < kBuildBytes && cursor->valid(); ++i) {
    bytes += cursor->item().packed_size();
    include(cursor->key(), cursor->item(), writes);
    cursor->Next();
  }
  // Nobody is promised what a crash would undo here: it would be built again.
  (void)engine_.Commit(writes.writes());
  if (cursor->valid()) {
    progress.MoveTo(std::string(cursor->key()));
  } else {
    progress.Finish();
  }
}

void Table::DeleteExpired() {
  const Micros now = clock_.Now();
  bool some_held = false;
  // Called while the lock is held, which is not seen in a lambda.
  const auto is_held = [&](std::string_view key) WEIR_NO_THREAD_SAFETY_ANALYSIS {
    const bool held = IsHeld(key);
    some_held = some_held || held;
    return held;
  };
  const ExpiryIndex::Due due = expiry_->DueAt(now, kExpiryBatch, is_held);
  latest_write_ = std::max(latest_write_, now);
  std::vector<PrimaryKey> keys;
  std::vector<WriteResult> results;
  keys.reserve(due.items.size());  // the writes refer to them
  WriteSet writes(due.items.size() * MaxStagedWrites());
  for (const Item& item : due.items) {
    Result<PrimaryKey> key = PrimaryKey::OfItem(key_schema_, item.attributes());
    if (!key.ok()) {
      continue;
    }
    keys.push_back(std::move(key).value());
    WriteResult& result = results.emplace_back(WriteResult{item, {}});
    (void)AccountCollection(keys.back(), result);  // what shrinks is never too large
    Stage(keys.back(), result, writes);
  }
  (void)engine_.Commit(writes.writes());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Record(keys[i], results[i], Origin::kTimeToLive);
  }
  if (some_held) {
    Schedule(now + kHeldItemsPause);
  }
  if (due.next.has_value() && (*due.next > now || !keys.empty())) {
    Schedule(*due.next);
  }
}

void Table::Follow(TableDescription& next) {
  std::vector<std::unique_ptr<Space>> unused;
  for (auto index = indexes_.begin(); index != indexes_.end();) {
    if (Has(next, index->definition())) {
      ++index;
    } else {
      next.building.erase(index->definition().name);
      unused.push_back(index->TakeEntries());
      index = indexes_.erase(index);
    }
  }
  for (const IndexDefinitionPtr& definition : next.indexes) {
    const bool known = std::any_of(indexes_.begin(), indexes_.end(), [&](const auto& index) {
      return &index.definition() == definition.get();
    });
    if (!known) {
      indexes_.emplace_back(definition, engine_.NewSpace(), false);
      next.building.insert(definition->name);
      Schedule(clock_.Now());
    }
  }
  indexed_ = IndexedAttributes(next.indexes);
  const std::optional<std::string>& attribute = next.time_to_live.attribute;
  if (expiry_.has_value() && expiry_->attribute() != attribute) {
    unused.push_back(expiry_->TakeEntries());
    expiry_.reset();
  }
  if (attribute.has_value() && !expiry_.has_value()) {
    expiry_.emplace(*attribute, engine_.NewSpace(), false);
    Schedule(clock_.Now());
  }
  Free(std::move(unused));
}

void Table::Free(std::vector<std::unique_ptr<Space>> spaces) const {
  if (background_ != nullptr && !spaces.empty()) {
    background_->Post([held = std::make_shared<std::vector<std::unique_ptr<Space>>>(
                           std::move(spaces))]() mutable { held.reset(); });
  }
}

}  // namespace weir::storage
