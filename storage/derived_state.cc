// SPDX-License-Identifier: Apache-2.0
#include "storage/derived_state.h"

#include <algorithm>
#include <utility>

#include "storage/index_build.h"
#include "storage/indexed_item.h"

namespace weir::storage {
namespace {

// How many items, and how many bytes of items, are taken up in one go. That happens under the
// table's lock, for which requests may be waiting, and takes some 10 ns per byte if the items have
// many small attributes.
constexpr std::size_t kBuildBatch = 64;
constexpr std::size_t kBuildBytes = std::size_t{1} << 20U;

bool Has(const TableMetadata& table, const IndexDefinition& index) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const auto& definition) { return definition.get() == &index; });
}

}  // namespace

DerivedState::DerivedState(TableMetadata& metadata, Engine& engine, const Clock& clock,
                           bool complete)
    : engine_(engine), clock_(clock), collections_progress_(complete) {
  if (HasLocalIndex(metadata)) {
    collections_.emplace();
  } else {
    collections_progress_.Finish();
  }
  if (!complete) {
    Follow(metadata);
    return;
  }
  for (const IndexDefinitionPtr& index : metadata.indexes) {
    indexes_.emplace_back(index, engine.NewSpace(), true);
  }
  indexed_ = IndexedAttributes(metadata.indexes);
}

DerivedState::Followed DerivedState::Follow(TableMetadata& next) {
  Followed followed;
  for (auto index = indexes_.begin(); index != indexes_.end();) {
    if (Has(next, index->definition())) {
      ++index;
    } else {
      next.building.erase(index->definition().name);
      followed.unused.push_back(index->TakeEntries());
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
      followed.builds = true;
    }
  }
  indexed_ = IndexedAttributes(next.indexes);
  const std::optional<std::string>& attribute = next.time_to_live.attribute;
  if (expiry_.has_value() && expiry_->attribute() != attribute) {
    followed.unused.push_back(expiry_->TakeEntries());
    expiry_.reset();
  }
  if (attribute.has_value() && !expiry_.has_value()) {
    expiry_.emplace(*attribute, engine_.NewSpace(), false);
    followed.builds = true;
  }
  return followed;
}

std::uint64_t DerivedState::CollectedSize(const TableMetadata& metadata, const Item& item) const {
  return SizeWithLocalEntries(metadata, WithPart(item, indexed_));
}

Outcome<void> DerivedState::Account(const TableMetadata& metadata, const PrimaryKey& key,
                                    WriteResult& result) {
  if (!collections_.has_value()) {
    return {};
  }
  const std::uint64_t removed = CollectedSize(metadata, result.before);
  const std::uint64_t added = CollectedSize(metadata, result.after);
  WEIR_RETURN_IF_ERROR(collections_->CheckGrowth(key.partition_prefix(), removed, added));
  collections_->Change(key.partition_prefix(), removed, added);
  result.collection_size = collections_->SizeOf(key.partition_prefix());
  return {};
}

void DerivedState::Release(const TableMetadata& metadata, const PrimaryKey& key,
                           const WriteResult& result) {
  if (collections_.has_value()) {
    collections_->Change(key.partition_prefix(), CollectedSize(metadata, result.after),
                         CollectedSize(metadata, result.before));
  }
}

std::optional<std::uint64_t> DerivedState::CollectionSize(std::string_view partition) const {
  return collections_.has_value() ? std::optional(collections_->SizeOf(partition)) : std::nullopt;
}

std::optional<Micros> DerivedState::Stage(std::string_view key, const WriteResult& result,
                                          WriteSet& writes) {
  if (!indexes_.empty()) {
    const IndexedItem before = WithPart(result.before, indexed_);
    const IndexedItem after = WithPart(result.after, indexed_);
    for (SecondaryIndex& index : indexes_) {
      index.Maintain(key, before, after, writes);
    }
  }
  return expiry_.has_value() ? expiry_->Maintain(key, result, clock_.Now(), writes) : std::nullopt;
}

void DerivedState::BuildIndexes(const Space& items) {
  const std::unique_ptr<SpaceView> view = items.Snapshot();
  for (SecondaryIndex& index : indexes_) {
    BuiltIndex built = BuildIndex(index.definition(), indexed_, *view, engine_);
    index.Complete(std::move(built.entries), built.statistics);
  }
}

DerivedState::Built DerivedState::BuildSome(const TableMetadata& metadata, const Space& items) {
  for (SecondaryIndex& index : indexes_) {
    if (!index.progress().complete()) {
      Build(index.progress(), items, [&](std::string_view key, const Item& item, WriteSet& writes) {
        index.Include(key, WithPart(item, indexed_), writes);
      });
      Built built{.any = true, .completed = std::nullopt};
      if (index.progress().complete()) {
        built.completed = index.definition().name;
      }
      return built;
    }
  }
  if (!collections_progress_.complete()) {
    Build(collections_progress_, items, [&](std::string_view, const Item& item, WriteSet&) {
      const Result<PrimaryKey> key = PrimaryKey::OfItem(metadata.key_schema, item.attributes());
      collections_->Change(key.value().partition_prefix(), 0, CollectedSize(metadata, item));
    });
    return {.any = true, .completed = std::nullopt};
  }
  if (expiry_.has_value() && !expiry_->progress().complete()) {
    Build(expiry_->progress(), items,
          [&](std::string_view key, const Item& item, WriteSet& writes) {
            expiry_->Include(key, item, clock_.Now(), writes);
          });
    return {.any = true, .completed = std::nullopt};
  }
  return {};
}

void DerivedState::Build(BuildProgress& progress, const Space& items, const IncludeItem& include) {
  WriteSet writes(kBuildBatch * SecondaryIndex::kMaxWrites);
  const std::unique_ptr<SpaceView> view = items.Snapshot();
  const std::unique_ptr<Cursor> cursor = view->NewCursor();
  cursor->Seek(progress.position());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < kBuildBatch && bytes < kBuildBytes && cursor->valid(); ++i) {
    bytes += cursor->item().packed_size();
    include(cursor->key(), cursor->item(), writes);
    cursor->Next();
  }
  engine_.Commit(writes.writes());
  if (cursor->valid()) {
    progress.MoveTo(std::string(cursor->key()));
  } else {
    progress.Finish();
  }
}

}  // namespace weir::storage
