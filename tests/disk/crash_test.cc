// SPDX-License-Identifier: Apache-2.0
// A database on a disk that fails, loses power and flips bits by a seed. After each crash it has to
// be as it was after one of its transactions, none of those that were promised missing, with its
// index, its log and its shards in step; or the folder is refused.
//
// WEIR_DISK_SEEDS sets how many seeds are tried, WEIR_DISK_FIRST_SEED where they begin.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "services/dynamodb/database.h"
#include "services/dynamodb/kept_state.h"
#include "storage/disk/data_store.h"
#include "storage/transaction.h"
#include "stream/stream_catalogue.h"
#include "tests/disk/opened_folder.h"
#include "tests/disk/simulated_disk.h"
#include "tests/unit/support/packed.h"

namespace weir::testing {
namespace {

using storage::Durability;
using storage::TablePtr;

// What the table of items has: texts by key.
using State = std::map<std::string, std::string>;

storage::IndexDefinitionPtr IndexByGroup() {
  auto index = std::make_shared<storage::IndexDefinition>();
  index->name = "by-group";
  index->key_schema.partition = {{"group", ValueType::kString}};
  return index;
}

// One seed: a disk, and what was done on it.
class Run {
 public:
  Run(std::uint64_t seed, Durability durability, const DiskFaults& faults)
      : random_(seed), disk_(seed * 2 + 1), faults_(faults) {
    options_.durability = durability;
    options_.interval = std::chrono::hours(1);  // only what the test asks for is written
    options_.segment_bytes = 4096;
    options_.retry_pause = std::chrono::milliseconds(1);
  }

  // Opens the folder. False if it is refused.
  bool Open() {
    disk_.SetFaults({});
    auto store = std::make_unique<storage::DataStore>(disk_.Mount(), options_);
    dynamodb::KeptState kept(store->engine());
    const storage::Loaded<void> loaded = store->Load(kept);
    if (!loaded.ok()) {
      refusal_ = loaded.error().text;
      return false;
    }
    REQUIRE(store->Start(kept.latest_table()).ok());
    store_ = std::move(store);
    database_ = std::make_unique<dynamodb::Database>(clock_, dynamodb::DatabaseOptions(),
                                                     store_.get(), &kept);
    items_ = database_->tables().Find("items");
    count_ = database_->tables().Find("count");
    Verify();
    disk_.SetFaults(faults_);
    return true;
  }

  // Works until the process ends, one way or another.
  enum class End : bool { kWithoutPowerCut, kAny };
  void Work(End end = End::kAny) {
    const std::uint64_t steps = Below(60);
    for (std::uint64_t step = 0; step < steps; ++step) {
      Step();
    }
    if (items_ != nullptr && !tolerates_loss_) {
      CHECK(Items() == states_.back());
    }
    switch (Below(end == End::kAny ? 4 : 2)) {
      case 0:
        disk_.KillProcess();
        break;
      case 1:  // an orderly end; then nothing is lost, unless the disk fails
        Promise(store_->journal().Flush());
        break;
      default:
        disk_.CutPower();
        break;
    }
    items_ = nullptr;
    count_ = nullptr;
    database_.reset();
    store_.reset();
  }

  std::string FlipBit() {
    damaged_ = true;
    return disk_.FlipBit();
  }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  // Whether a promise was broken, for the test of this test.
  [[nodiscard]] bool lost() const { return lost_; }
  void TolerateLoss() { tolerates_loss_ = true; }

 private:
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  void Step() {
    if (items_ == nullptr || count_ == nullptr) {
      CreateTables();
      return;
    }
    switch (Below(13)) {
      case 0:
        Promise(store_->journal().Flush());
        break;
      case 3:
        items_->log()->LeaveToArchive(Below(2 * states_.size()));
        break;
      case 1:
        if (database_->WriteCheckpoint().ok()) {
          Promise(true);
        }
        break;
      case 2:
        if (const stream::StreamPtr stream = Stream();
            stream != nullptr && stream->Shards().size() < 30) {
          (void)(Below(2) == 0 ? stream->RotateAll(clock_.Now()) : stream->SplitAll(clock_.Now()));
        }
        break;
      default:
        Write();
        break;
    }
  }

  void CreateTables() {
    if (count_ == nullptr) {
      count_ = AddTable(*database_, MetadataOf("count"), WithStream::kNo);
    }
    if (items_ == nullptr) {
      storage::TableMetadata metadata = MetadataOf("items");
      metadata.indexes = {IndexByGroup()};
      items_ = AddTable(*database_, std::move(metadata), WithStream::kYes);
    }
  }

  stream::StreamPtr Stream() {
    return database_->streams().Find(items_->metadata()->latest_stream_arn);
  }

  // Puts two items, or puts one and deletes one, and counts that, in one transaction.
  void Write() {
    clock_.Advance(Micros(1));
    const std::string key = "k" + std::to_string(Below(20));
    const std::string other = "l" + std::to_string(Below(20));
    const std::string text = std::to_string(states_.size());
    const bool deletes = Below(4) == 0;
    const std::string group = "g" + std::to_string(Below(3));
    const PrimaryKey item_key = StringKey(key);
    const PrimaryKey other_key = StringKey(other);
    const PrimaryKey count_key = StringKey("count");
    const std::string filler(Below(400), 'x');
    const Put second(StringItem({{"pk", other}, {"group", group}, {"v", text}}));
    const Put item(
        deletes ? Item() : StringItem({{"pk", key}, {"group", group}, {"v", text}, {"w", filler}}));
    const Put count(StringItem({{"pk", "count"}, {"v", text}}));
    const std::vector<storage::TransactionWrite> writes{{{items_, &item_key}, &item},
                                                        {{items_, &other_key}, &second},
                                                        {{count_, &count_key}, &count}};
    const auto outcome = storage::WriteTogether(writes);
    if (!outcome.ok()) {
      CHECK(outcome.error().kind == storage::Fault::Kind::kDataFolderFails);
      (void)store_->journal().Flush();
      return;
    }
    REQUIRE(outcome.value().ok());
    State next = states_.back();
    next.erase(key);
    next[other] = text;
    if (!deletes) {
      next[key] = text;
    }
    states_.push_back(std::move(next));
    if (options_.durability == Durability::kAlways) {
      std::promise<bool> durable;
      store_->journal().Await(storage::DurableEngine::TakeCommit(),
                              [&](bool is) { durable.set_value(is); });
      Promise(durable.get_future().get());
    }
  }

  // All that was done must be there after a crash.
  void Promise(bool promised) {
    if (promised) {
      promised_ = states_.size() - 1;
    }
  }

  State Items() {
    State state;
    const auto view = items_->Snapshot();
    REQUIRE(view.ok());
    const auto cursor = view.value()->NewCursor();
    for (cursor->SeekToFirst(); cursor->valid(); cursor->Next()) {
      state[TextOf(cursor->item(), "pk")] = TextOf(cursor->item(), "v");
    }
    return state;
  }

  void Verify() {
    const Item count = count_ == nullptr ? Item() : count_->Get(StringKey("count")).value();
    const std::size_t done = count ? std::stoul(TextOf(count, "v")) : 0;
    lost_ = lost_ || done < promised_;
    CHECK((tolerates_loss_ || done >= promised_));
    REQUIRE(done < states_.size());
    states_.resize(done + 1);
    promised_ = done;
    if (items_ == nullptr || tolerates_loss_) {
      return;
    }
    const State state = Items();
    CHECK(state == states_.back());
    CHECK(items_->statistics().item_count == state.size());
    VerifyIndex(state);
    VerifyStream(state);
  }

  void VerifyIndex(const State& state) {
    State indexed;
    const auto view = items_->Snapshot(*items_->metadata()->indexes.front());
    REQUIRE(view.ok());
    const auto cursor = view.value()->NewCursor();
    for (cursor->SeekToFirst(); cursor->valid(); cursor->Next()) {
      indexed[TextOf(cursor->item(), "pk")] = TextOf(cursor->item(), "v");
    }
    CHECK(indexed == state);
  }

  // The log has every change since the table was created, and each is in one shard; or a change is
  // damaged, and whoever wants it is told.
  void VerifyStream(const State& state) {
    State replayed;
    std::uint64_t expected = 1;
    const storage::Outcome<void> whole =
        items_->log()->Read(0, UINT64_MAX, [&](const Change& change) {
          CHECK(change.sequence == expected++);
          const std::string key = TextOf(change.AnyImage(), "pk");
          CHECK((change.before ? TextOf(change.before, "v") : "") == replayed[key]);
          replayed[key] = change.after ? TextOf(change.after, "v") : "";
          return true;
        });
    if (!whole.ok()) {
      CHECK(damaged_);
      CHECK(whole.error().name.find("/disk/journal-") != std::string::npos);
      return;
    }
    std::erase_if(replayed, [](const auto& entry) { return entry.second.empty(); });
    CHECK(replayed == state);
    VerifyShards(expected);
  }

  // Every change before the sequence `expected` is in one shard.
  void VerifyShards(std::uint64_t expected) {
    const stream::StreamPtr stream = Stream();
    REQUIRE(stream != nullptr);
    std::uint64_t read = 1;
    for (const stream::Shard& shard : stream->ShardsAt(clock_.Now())) {
      std::optional<std::uint64_t> position = shard.begin;
      while (position.has_value() && *position < expected) {
        auto page = stream->Read(shard.id, *position, 1000, clock_.Now());
        REQUIRE(page.ok());
        read += page.value().changes.size();
        position = page.value().next;
      }
    }
    CHECK(read == expected);
  }

  std::mt19937_64 random_;
  SimulatedDisk disk_;
  const DiskFaults faults_;
  ManualClock clock_{Micros(1'000'000'000)};
  storage::JournalOptions options_;
  std::unique_ptr<storage::DataStore> store_;
  std::unique_ptr<dynamodb::Database> database_;
  TablePtr items_;
  TablePtr count_;
  std::vector<State> states_{State()};  // after each transaction
  std::size_t promised_ = 0;            // how many transactions must be there after a crash
  bool lost_ = false;
  bool tolerates_loss_ = false;
  bool damaged_ = false;
  std::string refusal_;
};

std::uint64_t Setting(const char* name, std::uint64_t otherwise) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? otherwise : std::stoull(value);
}

constexpr int kCrashes = 4;

// Calls `test` for each seed.
template <class Test>
void ForEachSeed(std::uint64_t count, const Test& test) {
  const std::uint64_t first = Setting("WEIR_DISK_FIRST_SEED", 1);
  const std::uint64_t seeds = Setting("WEIR_DISK_SEEDS", count);
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    CAPTURE(seed);
    test(seed);
  }
}

TEST_CASE("After a crash everything promised is there, and all of it in step", "[disk][crash]") {
  ForEachSeed(60, [](std::uint64_t seed) {
    Run run(seed, static_cast<Durability>(seed % 3), {});
    for (int crash = 0; crash <= kCrashes; ++crash) {
      const bool opened = run.Open();
      CAPTURE(crash, run.refusal());
      REQUIRE(opened);
      run.Work();
    }
  });
}

TEST_CASE("A disk that fails costs requests, and nothing that was promised", "[disk][crash]") {
  ForEachSeed(60, [](std::uint64_t seed) {
    const DiskFaults faults{.write = static_cast<unsigned>(seed % 5 * 20),
                            .sync = static_cast<unsigned>(seed % 7 * 20)};
    Run run(seed, static_cast<Durability>(seed % 3), faults);
    for (int crash = 0; crash <= kCrashes; ++crash) {
      const bool opened = run.Open();
      CAPTURE(crash, run.refusal());
      REQUIRE(opened);
      run.Work();
    }
  });
}

// Without a power cut: after one, damage to the last second's writes looks like their loss.
TEST_CASE("A damaged folder is refused, or nothing that was promised was hit", "[disk][crash]") {
  ForEachSeed(60, [](std::uint64_t seed) {
    Run run(seed, Durability::kAlways, {});
    REQUIRE(run.Open());
    run.Work();
    REQUIRE(run.Open());
    run.Work(Run::End::kWithoutPowerCut);
    const std::string flipped = run.FlipBit();
    CAPTURE(flipped);
    if (!run.Open()) {
      CHECK(run.refusal().find("/disk/") != std::string::npos);
    }
  });
}

TEST_CASE("No table gets the number of one that was deleted", "[disk]") {
  SimulatedDisk disk(1);
  std::uint64_t latest = 0;
  {
    Opened first(disk);
    (void)first.Add("kept");
    const TablePtr deleted = first.Add("deleted");
    latest = deleted->number();
    const auto drop = [](storage::TableMetadata& metadata) -> Status {
      metadata.change = storage::TableChange::kDeletion;
      return {};
    };
    REQUIRE(deleted->Drop(drop).ok());
    first.database->tables().Remove(*deleted);
    REQUIRE(first.database->WriteCheckpoint().ok());
  }
  Opened second(disk);
  CHECK(second.database->tables().Names("", 10) == std::vector<std::string>{"kept"});
  CHECK(second.Add("new")->number() > latest);
}

TEST_CASE("A checkpoint that fails leaves no file", "[disk]") {
  SimulatedDisk disk(1);
  Opened opened(disk);
  const TablePtr table = opened.Add("table");
  REQUIRE(opened.store.journal().Flush());
  disk.SetFaults({.write = 1000});
  CHECK_FALSE(opened.database->WriteCheckpoint().ok());
  disk.SetFaults({});
  CHECK_FALSE(opened.store.has_file("checkpoint.new"));
  REQUIRE(opened.database->WriteCheckpoint().ok());
}

TEST_CASE("Without syncs, promises are broken, and that is noticed", "[disk][crash]") {
  int lost = 0;
  ForEachSeed(20, [&](std::uint64_t seed) {
    Run run(seed, Durability::kAlways, {.ignores_sync = true});
    run.TolerateLoss();
    bool refused = false;  // as damaged, since rows are missing that the mark promises
    for (int crash = 0; crash <= kCrashes && !refused; ++crash) {
      refused = !run.Open();
      if (!refused) {
        run.Work();
      }
    }
    lost += run.lost() || refused ? 1 : 0;
  });
  CHECK(lost > 0);
}

}  // namespace
}  // namespace weir::testing
