// SPDX-License-Identifier: Apache-2.0
// Large tables after a restart, whose indexes are built at once.
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "storage/table.h"
#include "tests/disk/opened_folder.h"
#include "tests/disk/simulated_disk.h"

namespace weir::testing {
namespace {

using Entries = std::map<std::string, std::string>;

storage::IndexDefinitionPtr IndexOf(const std::string& attribute) {
  auto index = std::make_shared<storage::IndexDefinition>();
  index->name = "by-" + attribute;
  index->key_schema.partition = {{attribute, ValueType::kString}};
  return index;
}

// What a walk over a table, or one of its indexes, shows.
Entries Shown(const storage::Outcome<std::unique_ptr<storage::SpaceView>>& view) {
  REQUIRE(view.ok());
  Entries entries;
  const auto cursor = view.value()->NewCursor();
  for (cursor->SeekToFirst(); cursor->valid(); cursor->Next()) {
    entries[std::string(cursor->key())] = TextOf(cursor->item(), "pk");
  }
  return entries;
}

TEST_CASE("A large table and its indexes are the same after a restart", "[disk]") {
  constexpr int kItems = 12'000;  // enough for indexes that are built at once
  SimulatedDisk disk(1);
  Entries items;
  std::map<std::string, Entries> indexes;
  storage::TableStatistics statistics;
  const bool with_checkpoint = GENERATE(true, false);
  {
    Opened opened(disk);
    storage::TableMetadata metadata = MetadataOf("large");
    metadata.indexes = {IndexOf("even"), IndexOf("group"), IndexOf("none")};
    const storage::TablePtr table =
        AddTable(*opened.database, std::move(metadata), WithStream::kNo);
    REQUIRE(table != nullptr);
    for (int i = 0; i < kItems; ++i) {
      const std::string key = std::to_string(i);
      const Item item = i % 2 == 0 ? StringItem({{"even", key}, {"group", "same"}, {"pk", key}})
                                   : StringItem({{"group", std::to_string(i % 100)}, {"pk", key}});
      REQUIRE(table->Write(StringKey(key), Put(item)).ok());
    }
    if (with_checkpoint) {
      REQUIRE(opened.database->WriteCheckpoint().ok());
    }
    for (int i = 0; i < kItems; i += 1000) {  // these are read from the journal
      REQUIRE(table->Write(StringKey(std::to_string(i)), Put(Item())).ok());
    }
    items = Shown(table->Snapshot());
    for (const storage::IndexDefinitionPtr& index : table->metadata()->indexes) {
      indexes[index->name] = Shown(table->Snapshot(*index));
    }
    statistics = table->statistics();
  }
  REQUIRE(items.size() == kItems - kItems / 1000);
  REQUIRE(indexes["by-even"].size() == kItems / 2 - kItems / 1000);
  REQUIRE(indexes["by-none"].empty());
  Opened opened(disk);
  const storage::TablePtr table = opened.database->tables().Find("large");
  REQUIRE(table != nullptr);
  CHECK(Shown(table->Snapshot()) == items);
  for (const storage::IndexDefinitionPtr& index : table->metadata()->indexes) {
    CAPTURE(index->name);
    CHECK(Shown(table->Snapshot(*index)) == indexes[index->name]);
    CHECK(table->statistics().indexes[index->name].item_count ==
          statistics.indexes[index->name].item_count);
    CHECK(table->statistics().indexes[index->name].size_bytes ==
          statistics.indexes[index->name].size_bytes);
  }
  CHECK(table->statistics().item_count == statistics.item_count);
  CHECK(table->statistics().size_bytes == statistics.size_bytes);
}

TEST_CASE("The services' records are the same after a restart", "[disk]") {
  SimulatedDisk disk(1);
  const bool with_checkpoint = GENERATE(true, false);
  {
    Opened opened(disk);
    storage::KeptRecords& records = opened.database->records();
    records.Put("kind", "stays", "1");
    records.Put("kind", "changes", "old");
    records.Put("kind", "goes", "x");
    if (with_checkpoint) {
      REQUIRE(opened.database->WriteCheckpoint().ok());
    }
    records.Put("kind", "changes", "new");
    records.Remove("kind", "goes");
  }
  Opened opened(disk);
  const storage::KeptRecords& records = opened.database->records();
  CHECK(records.Get("kind", "stays") == "1");
  CHECK(records.Get("kind", "changes") == "new");
  CHECK_FALSE(records.Get("kind", "goes").has_value());
}

}  // namespace
}  // namespace weir::testing
