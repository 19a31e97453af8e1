// SPDX-License-Identifier: Apache-2.0
// Compares Weir with a naive model under random operations of several writers: every answer, and in
// the end the tables and their streams.
//
// WEIR_MODEL_SEED repeats a run: each writer then sends the same requests, though they may
// interleave differently with those of the other writers.
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>
#include <utility>

#include "tests/model/model_worker.h"

namespace weir::model {
namespace {

constexpr unsigned kWriters = 4;
constexpr int kOperations = 2000;

std::uint64_t Seed() {
  const char* given = std::getenv("WEIR_MODEL_SEED");
  return given == nullptr ? std::random_device()() : std::strtoull(given, nullptr, 10);
}

std::vector<TableModel> Tables() {
  const KeyPart group{"g", "S"};
  const KeyPart rank{"r", "N"};
  const KeyPart raw{"h", "B"};
  return {{"bytes",
           {{"pk", "N"}, KeyPart{"sk", "B"}, ""},
           true,
           {{{group, rank, "some"}, false, "INCLUDE", {"f2", "f4"}},
            {{{"pk", "N"}, rank, "local"}, true, "ALL", {}}}},
          {"plain",
           {{"pk", "S"}, std::nullopt, ""},
           true,
           {{{group, std::nullopt, "keys"}, false, "KEYS_ONLY", {}}}},
          {"ranged",
           {{"pk", "S"}, KeyPart{"sk", "N"}, ""},
           false,
           {{{group, rank, "all"}, false, "ALL", {}},
            {{{"pk", "S"}, rank, "local"}, true, "INCLUDE", {"f1", "f3"}},
            {{{"pk", "S"}, group, "groups"}, true, "KEYS_ONLY", {}}}},
          {"texts",
           {{"pk", "S"}, KeyPart{"sk", "S"}, ""},
           false,
           {{{group, raw, "some"}, false, "INCLUDE", {"f7"}},
            {{{"pk", "S"}, raw, "local"}, true, "ALL", {}}}}};
}

using Items = std::map<std::string, Json>;  // by the text of their keys

// The items that all writers together have left in a table.
Items Expected(const std::vector<Worker>& writers, std::size_t table) {
  Items items;
  for (const Worker& writer : writers) {
    for (const auto& [key, item] : writer.contents()[table].items()) {
      items[key.dump()] = item;
    }
  }
  return items;
}

std::size_t SizeOf(const Items& items) {
  std::size_t size = 0;
  for (const auto& [key, item] : items) {
    size += ItemSize(item);
  }
  return size;
}

// Checks the indexes of DescribeTable: the count and the size of their entries.
void CheckIndexes(const TableModel& table, const Json& description, const Items& expected) {
  std::map<std::string, Json> described;
  for (const char* member : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
    for (const Json& index : description.value(member, Json::array())) {
      described[index["IndexName"]] = index;
    }
  }
  CHECK(described.size() == table.indexes.size());
  for (const IndexModel& index : table.indexes) {
    CAPTURE(index.view.index_name);
    Items entries;
    for (const auto& [key, item] : expected) {
      const Json entry = table.Entry(index, item);
      if (!entry.is_null()) {
        entries[key] = entry;
      }
    }
    CHECK(described[index.view.index_name]["ItemCount"] == entries.size());
    CHECK(described[index.view.index_name]["IndexSizeBytes"] == SizeOf(entries));
  }
}

void CheckTable(ModelServer& server, const TableModel& table, const Items& expected) {
  Items found;
  for (const Json& item : server.ScanAll(table.name)) {
    CHECK(found.emplace(table.key.KeyOf(item).dump(), item).second);
  }
  CHECK(found == expected);
  const Json description = server.Call("DescribeTable", {{"TableName", table.name}})["Table"];
  CHECK(description["ItemCount"] == expected.size());
  CHECK(description["TableSizeBytes"] == SizeOf(expected));
  CheckIndexes(table, description, expected);
  // The charge of each partition is rounded up by itself. A client cannot know how the items are
  // spread over partitions, so only bounds of the sum can be checked.
  constexpr double kPartitions = 4;
  const Json scan = server.Call(
      "Scan",
      {{"TableName", table.name}, {"ConsistentRead", true}, {"ReturnConsumedCapacity", "TOTAL"}});
  const double units = scan["ConsumedCapacity"]["CapacityUnits"];
  const double whole = ReadUnits(SizeOf(expected), true);
  CHECK(units >= whole);
  CHECK(units <= whole + (table.provisioned ? 0 : kPartitions));
}

// Checks a record of a stream against the change that it shows.
void CheckRecord(const TableModel& table, const Json& record, const Change& change) {
  const Json& data = record["dynamodb"];
  const Json& image = change.after.is_null() ? change.before : change.after;
  const Json key = table.key.KeyOf(image);
  CHECK(record["eventName"] == (change.before.is_null()  ? "INSERT"
                                : change.after.is_null() ? "REMOVE"
                                                         : "MODIFY"));
  CHECK(data["Keys"] == key);
  CHECK(data.value("OldImage", Json()) == change.before);
  CHECK(data.value("NewImage", Json()) == change.after);
  const auto size = [](const Json& item) { return item.is_null() ? 0 : ItemSize(item); };
  CHECK(data["SizeBytes"] == ItemSize(key) + size(change.before) + size(change.after));
}

using History = std::map<std::string, std::vector<Change>>;  // by the text of the key

// Applies the records of a stream in order to an empty table, and checks each of them.
class Replay {
 public:
  Replay(const TableModel& table, History expected)
      : table_(table), expected_(std::move(expected)) {}

  // Checks the records of one shard. All records of a key are in one shard, in the order of the
  // writes.
  void Shard(std::size_t shard, const std::vector<Json>& records) {
    std::string latest;
    for (const Json& record : records) {
      CAPTURE(record.dump());
      const std::string number = record["dynamodb"]["SequenceNumber"];
      CHECK(latest < number);  // comparable as texts, since they have one length
      latest = number;
      const std::string key = record["dynamodb"]["Keys"].dump();
      CHECK(shard_of_.emplace(key, shard).first->second == shard);
      const std::size_t position = seen_[key]++;
      REQUIRE(position < expected_[key].size());
      CheckRecord(table_, record, expected_[key][position]);
      items_.erase(key);
      if (record["dynamodb"].contains("NewImage")) {
        items_[key] = record["dynamodb"]["NewImage"];
      }
    }
  }

  // Checks that every change has a record.
  void CheckComplete() {
    for (const auto& [key, changes] : expected_) {
      CAPTURE(key);
      CHECK(seen_[key] == changes.size());
    }
  }
  [[nodiscard]] const Items& items() const { return items_; }

 private:
  const TableModel& table_;
  History expected_;
  Items items_;
  std::map<std::string, std::size_t> seen_;  // number of records, by key
  std::map<std::string, std::size_t> shard_of_;
};

void CheckStream(ModelServer& server, const TableModel& table, const std::vector<Worker>& writers,
                 std::size_t index) {
  History expected;
  for (const Worker& writer : writers) {
    const History& history = writer.contents()[index].history();
    expected.insert(history.begin(), history.end());
  }
  const std::vector<std::vector<Json>> shards = server.ReadStream(table.name);
  CHECK(shards.size() == (table.provisioned ? 1U : 4U));
  Replay replay(table, std::move(expected));
  for (std::size_t shard = 0; shard < shards.size(); ++shard) {
    replay.Shard(shard, shards[shard]);
  }
  replay.CheckComplete();
  CHECK(replay.items() == Expected(writers, index));
}

}  // namespace

TEST_CASE("Random operations of several writers answer as a naive model does", "[model]") {
  const std::uint64_t seed = Seed();
  // Flushed at once, so that the seed is known even if the run hangs or is killed.
  std::cout << "WEIR_MODEL_SEED=" << seed << '\n' << std::flush;
  const std::vector<TableModel> tables = Tables();
  ModelServer server;
  for (const TableModel& table : tables) {
    REQUIRE(server.Call("CreateTable", table.CreateRequest()).contains("TableDescription"));
  }
  std::vector<Worker> writers;
  writers.reserve(kWriters);
  for (unsigned number = 0; number < kWriters; ++number) {
    writers.emplace_back(server, tables, number, seed + number);
  }
  std::vector<std::thread> threads;
  threads.reserve(writers.size());
  for (Worker& writer : writers) {
    threads.emplace_back([&writer] { writer.Run(kOperations); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const Worker& writer : writers) {
    INFO(writer.failure());
    REQUIRE(writer.failure().empty());
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    CAPTURE(tables[i].name);
    CheckTable(server, tables[i], Expected(writers, i));
    CheckStream(server, tables[i], writers, i);
  }
}

}  // namespace weir::model
