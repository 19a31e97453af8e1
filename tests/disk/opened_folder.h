// SPDX-License-Identifier: Apache-2.0
// A database over the folder of a simulated disk, for tests.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>

#include "services/dynamodb/database.h"
#include "services/dynamodb/kept_state.h"
#include "storage/disk/data_store.h"
#include "storage/table.h"
#include "tests/disk/simulated_disk.h"
#include "tests/unit/support/packed.h"

namespace weir::testing {

// Puts an item, or deletes one if that is "no item".
class Put final : public storage::Mutation {
 public:
  explicit Put(Item item) : item_(std::move(item)) {}
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  Item item_;
};

// Of a table with the key "pk".
inline storage::TableMetadata MetadataOf(const std::string& name) {
  storage::TableMetadata metadata;
  metadata.name = name;
  metadata.id = "0123456789";
  metadata.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/" + name;
  metadata.key_schema = StringKeySchema();
  return metadata;
}

enum class WithStream : bool { kNo, kYes };

// Adds a table to a database.
inline storage::TablePtr AddTable(dynamodb::Database& database, storage::TableMetadata metadata,
                                  WithStream with_stream) {
  const auto table = std::make_shared<storage::Table>(std::move(metadata), database.engine(),
                                                      database.clock(), database.log_budget());
  const auto prepare = [&]() -> Status {
    const auto enable = [&](storage::TableMetadata& next) -> Status {
      if (with_stream == WithStream::kYes) {
        database.EnableStream(next, storage::StreamViewType::kNewAndOldImages, table->log());
      }
      return {};
    };
    (void)table->Alter(enable).ok();
    database.Drive(*table);
    return {};
  };
  const dynamodb::Database::Structure structure(database);
  return database.AddTable(table, prepare).ok() ? table : nullptr;
}

// What a folder has: a store and a database, until they are destroyed.
struct Opened {
  explicit Opened(SimulatedDisk& disk, const storage::JournalOptions& options = {})
      : store(disk.Mount(), options) {
    dynamodb::KeptState kept(store.engine());
    REQUIRE(store.Load(kept).ok());
    REQUIRE(store.Start(kept.latest_table()).ok());
    database =
        std::make_unique<dynamodb::Database>(clock, dynamodb::DatabaseOptions(), &store, &kept);
  }
  storage::TablePtr Add(const std::string& name, WithStream with_stream = WithStream::kNo) {
    storage::TablePtr table = AddTable(*database, MetadataOf(name), with_stream);
    REQUIRE(table != nullptr);
    return table;
  }

  ManualClock clock{Micros(1'000'000'000)};
  storage::DataStore store;
  std::unique_ptr<dynamodb::Database> database;
};

}  // namespace weir::testing
