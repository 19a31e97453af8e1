// SPDX-License-Identifier: Apache-2.0
// Writes to a table, reads its stream and changes the stream's shards, all at once.
#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "storage/engine.h"
#include "storage/table.h"
#include "stream/stream.h"
#include "tests/unit/support/packed.h"

namespace weir::stream {
namespace {

using storage::Table;

constexpr int kWriters = 8;
constexpr int kReaders = 4;
constexpr int kWritesEach = 2000;
constexpr std::size_t kKeysEach = 5;
constexpr std::size_t kMostShards = 24;
// The shards change once every so many records. A writer waits for a change after every so many of
// its writes. Between two waits, all writers together write ten times as many records as a change
// needs.
constexpr std::uint64_t kRecordsAChange = 40;
constexpr int kWritesAChange = 50;

// Stores {"pk", "v"}, or deletes the item if there is no text.
class Set final : public storage::Mutation {
 public:
  Set(std::string_view key, std::string_view text)
      : item_(text.empty() ? Item() : testing::StringItem({{"pk", key}, {"v", text}})) {}
  [[nodiscard]] Result<Item> Apply(const Item& /*before*/) const override { return item_; }

 private:
  Item item_;
};

// "v" of an item; empty for no item.
std::string ValueOf(const Item& item) {
  return item ? testing::TextOf(item, "v") : "";
}

using Values = std::vector<std::string>;
using History = std::map<std::string, Values>;  // the values that each key has had, by key

std::string NameOf(int writer, std::size_t key) {
  return std::to_string(writer) + "-" + std::to_string(key);
}

struct Fixture {
  ManualClock clock{Micros(1'700'000'000'000'000)};
  std::unique_ptr<storage::Engine> engine = storage::NewMemoryEngine();
  Table table{Description(), *engine, clock};
  std::unique_ptr<Stream> stream = Open();
  std::atomic<int> writing{kWriters};
  std::atomic<int> faults{0};
  std::atomic<int> changes{0};
  const std::map<std::string, PrimaryKey> keys = Keys();  // Catch2 asserts on one thread only

  static std::map<std::string, PrimaryKey> Keys() {
    std::map<std::string, PrimaryKey> made;
    for (int writer = 0; writer < kWriters; ++writer) {
      for (std::size_t key = 0; key < kKeysEach; ++key) {
        made.emplace(NameOf(writer, key), testing::StringKey(NameOf(writer, key)));
      }
    }
    return made;
  }
  static storage::TableMetadata Description() {
    storage::TableMetadata metadata;
    metadata.name = "t";
    metadata.key_schema = testing::StringKeySchema();
    return metadata;
  }
  std::unique_ptr<Stream> Open() {
    StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/label";
    info.key_schema = testing::StringKeySchema();
    info.creation_time = clock.Now();
    return std::make_unique<Stream>(std::move(info), table.log(), 2);
  }
  History Write(int writer);
  void Change();
  History Read();
};

// Writes random values and deletions to this writer's own keys; every sixth write changes nothing.
// Waits now and then until the shards have changed.
History Fixture::Write(int writer) {
  History history;
  std::mt19937_64 random(static_cast<std::uint64_t>(writer));
  for (int i = 0; i < kWritesEach; ++i) {
    while (changes < i / kWritesAChange) {
      std::this_thread::yield();
    }
    const std::string key = NameOf(writer, random() % kKeysEach);
    Values& values = history[key];
    const std::string before = values.empty() ? "" : values.back();
    const std::string value = random() % 6 == 0   ? before
                              : random() % 4 == 0 ? ""
                                                  : std::to_string(i);
    faults += table.Write(keys.at(key), Set(key, value)).ok() ? 0 : 1;
    if (value != before) {
      values.push_back(value);
    }
  }
  --writing;
  return history;
}

// Splits, rotates and closes open shards, moves the time on and runs Work, as long as a writer
// writes.
void Fixture::Change() {
  std::mt19937_64 random(99);
  std::uint64_t due = 0;  // the position of the log at which the next change is due
  while (writing > 0) {
    if (table.log()->next_sequence() < due) {
      std::this_thread::yield();
      continue;
    }
    due = table.log()->next_sequence() + kRecordsAChange;
    std::vector<Shard> open = stream->Shards();
    std::erase_if(open, [](const Shard& shard) { return !shard.open(); });
    if (!open.empty()) {
      const ShardId id = open[random() % open.size()].id;
      const std::uint64_t kind = random() % 3;
      const bool splits = kind == 0 && open.size() < kMostShards;
      // A vacant shard may get a child meanwhile, but an open shard stays open.
      const Outcome<void> done = splits      ? stream->SplitShard(id, clock.Now())
                                 : kind == 1 ? stream->CloseShard(id, clock.Now())
                                             : stream->RotateShard(id, clock.Now());
      faults += done.ok() ? 0 : 1;
    }
    clock.Advance(std::chrono::milliseconds(20));
    stream->Work(clock.Now());
    ++changes;
  }
}

// A consumer that starts with the oldest shards and goes on with their children, until all writes
// are done and every shard is read.
History Fixture::Read() {
  History history;
  std::map<ShardId, std::uint64_t> places;  // by shard that is being read
  std::set<ShardId> ended;
  bool last = false;
  while (!last) {
    last = writing == 0;
    for (const Shard& shard : stream->Shards()) {
      if (!ended.contains(shard.id) && (!shard.parent || ended.contains(*shard.parent))) {
        places.emplace(shard.id, shard.begin);
      }
    }
    for (auto place = places.begin(); place != places.end();) {
      const Outcome<ShardPage> page = stream->Read(place->first, place->second, 100, clock.Now());
      faults += page.ok() ? 0 : 1;
      if (!page.ok()) {
        return history;
      }
      for (const weir::Change& change : page.value().changes) {
        Values& values = history[testing::TextOf(change.AnyImage(), "pk")];
        faults += ValueOf(change.before) == (values.empty() ? "" : values.back()) ? 0 : 1;
        values.push_back(ValueOf(change.after));
      }
      last = last && page.value().changes.empty() && page.value().next.has_value();
      if (page.value().next.has_value()) {
        place->second = *page.value().next;
        ++place;
      } else {
        ended.insert(place->first);
        place = places.erase(place);
      }
    }
  }
  return history;
}

TEST_CASE_METHOD(Fixture, "Readers see the exact history of every key while shards change",
                 "[stream][shards][threads]") {
  std::array<History, kWriters> written;
  std::array<History, kReaders> read;
  std::vector<std::thread> threads;
  threads.reserve(written.size() + read.size() + 1);
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back(
        [this, &history = written.at(static_cast<std::size_t>(i)), i] { history = Write(i); });
  }
  for (History& history : read) {
    threads.emplace_back([this, &history] { history = Read(); });
  }
  threads.emplace_back([this] { Change(); });
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(faults == 0);
  CHECK(stream->Shards().size() > 10);
  History expected;
  for (History& history : written) {
    expected.merge(history);
  }
  std::erase_if(expected, [](const auto& entry) { return entry.second.empty(); });
  for (const History& history : read) {
    CHECK((history == expected));
    // The last image of each key in the stream is the table's item.
    for (const auto& [key, values] : history) {
      CAPTURE(key);
      CHECK(ValueOf(table.Get(testing::StringKey(key)).value()) == values.back());
    }
  }
}

TEST_CASE("Readers follow a stream while it is written and trimmed", "[stream][threads]") {
  const Micros now(1'700'000'000'000'000);
  const auto log = std::make_shared<storage::ChangeLog>();
  StreamInfo info;
  info.key_schema = testing::StringKeySchema();
  info.creation_time = now;
  const auto stream = std::make_unique<Stream>(std::move(info), log, 4);
  constexpr int kCount = 5000;
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  std::atomic<int> read{0};
  for (const Shard& shard : stream->Shards()) {
    readers.emplace_back([now, &stream, &wrong, &read, shard] {
      std::uint64_t position = shard.begin;
      std::uint64_t latest = 0;
      while (read < kCount && wrong == 0) {
        const Outcome<ShardPage> page = stream->Read(shard.id, position, 100, now);
        wrong += page.ok() && page.value().next.has_value() ? 0 : 1;
        if (wrong != 0) {
          return;
        }
        for (const Change& change : page.value().changes) {
          wrong += change.sequence > latest && shard.Covers(change.key_hash) ? 0 : 1;
          latest = change.sequence;
          ++read;
        }
        position = *page.value().next;
      }
    });
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < kCount; ++i) {
    weir::Change change;
    change.key_hash = random();
    change.after = testing::StringItem({{"pk", "x"}});
    change.time = now;
    log->Append(std::move(change));
    if (i % 100 == 0) {
      stream->Work(now);
      (void)stream->Shards();
    }
  }
  for (std::thread& reader : readers) {
    reader.join();
  }
  CHECK(wrong == 0);
  CHECK(read == kCount);
}

}  // namespace
}  // namespace weir::stream
