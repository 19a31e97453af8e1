// SPDX-License-Identifier: Apache-2.0
// Logs whose older changes are in the data folder only.
#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/disk/data_store.h"
#include "storage/transaction.h"
#include "stream/stream.h"
#include "stream/stream_catalogue.h"
#include "tests/disk/opened_folder.h"
#include "tests/disk/simulated_disk.h"

namespace weir::testing {
namespace {

using storage::ChangeLog;

constexpr std::size_t kItemBytes = 1500;
constexpr std::uint64_t kCount = 1200;  // some 3 MB: several files, each with several points
constexpr std::uint64_t kSegmentBytes = std::uint64_t{1} << 20U;

storage::JournalOptions SmallSegments() {
  storage::JournalOptions options;
  options.segment_bytes = kSegmentBytes;
  return options;
}

// One change of a log, in words.
std::string Describe(const Change& change) {
  return std::to_string(change.sequence) + " at " + std::to_string(change.time.count()) + ": " +
         TextOf(change.AnyImage(), "pk") + " " + TextOf(change.before, "v") + " to " +
         TextOf(change.after, "v");
}

std::vector<std::string> ChangesOf(const ChangeLog& log, std::uint64_t from = 0,
                                   std::uint64_t to = UINT64_MAX) {
  std::vector<std::string> changes;
  REQUIRE(log.Read(from, to,
                   [&](const Change& change) {
                     changes.push_back(Describe(change));
                     return true;
                   })
              .ok());
  return changes;
}

// A folder with two tables that were written by turns, all of whose changes are in it.
struct Folder {
  Folder() {
    Opened opened(disk, SmallSegments());
    opened.clock.Advance(Micros(7));
    const storage::TablePtr items = opened.Add("items", WithStream::kYes);
    const storage::TablePtr others = opened.Add("others", WithStream::kYes);
    const std::string filler(kItemBytes, 'x');
    for (std::uint64_t i = 1; i <= kCount; ++i) {
      opened.clock.Advance(Micros(static_cast<std::int64_t>(i % 3)));
      const std::string key = "k" + std::to_string(i % 17);
      const Put put(
          i % 5 == 0 ? Item() : StringItem({{"pk", key}, {"v", std::to_string(i)}, {"w", filler}}));
      REQUIRE(items->Write(StringKey(key), put).ok());
      if (i % 100 == 0) {
        const Put other(StringItem({{"pk", key}, {"v", std::to_string(i)}}));
        REQUIRE(others->Write(StringKey(key), other).ok());
      }
      if (i == kCount / 2) {
        REQUIRE(opened.store.journal().Flush());
        REQUIRE(opened.database->WriteCheckpoint().ok());
      }
    }
    REQUIRE(opened.store.journal().Flush());
    items_changes = ChangesOf(*items->log());
    others_changes = ChangesOf(*others->log());
    latest = opened.clock.Now();
  }

  SimulatedDisk disk{1};
  std::vector<std::string> items_changes;
  std::vector<std::string> others_changes;
  Micros latest{0};
};

std::vector<std::string> Part(const std::vector<std::string>& all, std::uint64_t from,
                              std::uint64_t to) {
  const std::uint64_t end = std::min<std::uint64_t>(to - 1, all.size());
  return from - 1 >= end ? std::vector<std::string>()
                         : std::vector<std::string>(all.begin() + static_cast<long>(from - 1),
                                                    all.begin() + static_cast<long>(end));
}

TEST_CASE("A log is read from the folder as it was in memory", "[disk][log]") {
  Folder folder;
  REQUIRE(folder.items_changes.size() > kCount / 2);
  REQUIRE(folder.others_changes.size() == kCount / 100);
  Opened opened(folder.disk, SmallSegments());
  const std::shared_ptr<ChangeLog> log = opened.database->tables().Find("items")->log();
  const std::shared_ptr<ChangeLog> others = opened.database->tables().Find("others")->log();
  const std::uint64_t next = folder.items_changes.size() + 1;
  CHECK(log->first_sequence() == 1);
  CHECK(log->next_sequence() == next);
  CHECK(log->first_in_memory() == next);
  CHECK(log->bytes() == 0);
  CHECK(ChangesOf(*log) == folder.items_changes);
  CHECK(ChangesOf(*others) == folder.others_changes);
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t from = 1 + random() % (next + 3);
    const std::uint64_t to = from + random() % 200;
    CAPTURE(from, to);
    CHECK(ChangesOf(*log, from, to) == Part(folder.items_changes, from, to));
  }
}

TEST_CASE("The first change since a time is found in the folder", "[disk][log]") {
  Folder folder;
  Opened opened(folder.disk, SmallSegments());
  const std::shared_ptr<ChangeLog> log = opened.database->tables().Find("items")->log();
  std::vector<Micros> times;
  REQUIRE(log->Read(0, UINT64_MAX,
                    [&](const Change& change) {
                      times.push_back(change.time);
                      return true;
                    })
              .ok());
  for (Micros time = times.front() - Micros(2); time <= times.back() + Micros(2);
       time += Micros(1)) {
    const auto since = std::lower_bound(times.begin(), times.end(), time);
    REQUIRE(log->FirstSequenceSince(time) == static_cast<std::uint64_t>(since - times.begin()) + 1);
  }
}

TEST_CASE("What is left to the archive is read on, and new changes follow it", "[disk][log]") {
  SimulatedDisk disk(1);
  Opened opened(disk, SmallSegments());
  const storage::TablePtr table = opened.Add("table", WithStream::kYes);
  const ChangeLog& log = *table->log();
  std::vector<std::string> expected;
  for (int i = 1; i <= 600; ++i) {
    opened.clock.Advance(Micros(1));
    REQUIRE(table->Write(StringKey("k"), Put(StringItem({{"pk", "k"}, {"v", std::to_string(i)}})))
                .ok());
    if (i % 50 == 0) {
      table->log()->LeaveToArchive(static_cast<std::uint64_t>(i) - 10);
      CHECK(log.first_in_memory() <= static_cast<std::uint64_t>(i) - 10);
      REQUIRE(opened.store.journal().Flush());
      table->log()->LeaveToArchive(static_cast<std::uint64_t>(i) - 10);
      CHECK(log.first_in_memory() == static_cast<std::uint64_t>(i) - 10);
      CHECK(ChangesOf(log).size() == static_cast<std::size_t>(i));
      CHECK(log.FirstSequenceSince(Micros(1'000'000'000 + i - 20)) ==
            static_cast<std::uint64_t>(i) - 20);
      CHECK(log.FirstSequenceSince(Micros(1'000'000'000 + i - 5)) ==
            static_cast<std::uint64_t>(i) - 5);
    }
  }
  REQUIRE(opened.store.journal().Flush());
  const std::uint64_t before = log.bytes();
  table->log()->LeaveToArchive(UINT64_MAX);
  CHECK(log.bytes() < before);
  CHECK(log.first_in_memory() == 601);
  const std::vector<std::string> changes = ChangesOf(log);
  REQUIRE(changes.size() == 600);
  CHECK(changes.front() == "1 at 1000000001: k - to 1");
  CHECK(changes.back() == "600 at 1000000600: k 599 to 600");
}

TEST_CASE("No change is passed over while it leaves memory", "[disk][log]") {
  SimulatedDisk disk(1);
  Opened opened(disk, SmallSegments());
  const storage::TablePtr table = opened.Add("table", WithStream::kYes);
  const std::shared_ptr<ChangeLog> log = table->log();
  constexpr std::uint64_t kChanges = 5000;
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    while (!stop) {
      std::uint64_t expected = 1;
      const storage::Outcome<void> read = log->Read(1, UINT64_MAX, [&](const Change& change) {
        wrong += change.sequence == expected ? 0 : 1;
        ++expected;
        return true;
      });
      wrong += read.ok() ? 0 : 1;
      wrong += log->FirstSequenceSince(Micros(1'000'000'001)) <= 1 ? 0 : 1;
    }
  });
  std::thread trimmer([&] {
    while (!stop) {
      (void)opened.store.journal().Write();
      log->LeaveToArchive(log->next_sequence());
    }
  });
  for (std::uint64_t i = 1; i <= kChanges; ++i) {
    opened.clock.Advance(Micros(1));
    const Put put(StringItem({{"pk", "k"}, {"v", std::to_string(i)}}));
    REQUIRE(table->Write(StringKey("k"), put).ok());
  }
  stop = true;
  reader.join();
  trimmer.join();
  CHECK(wrong == 0);
  CHECK(ChangesOf(*log).size() == kChanges);
}

// Overwrites a byte of a file of the folder.
void Damage(SimulatedDisk& disk, const std::string& name, std::uint64_t offset) {
  const std::unique_ptr<storage::Files> files = disk.Mount();
  const storage::Io<std::unique_ptr<storage::File>> file = files->Open(name);
  REQUIRE(file.ok());
  std::string byte;
  REQUIRE(file.value()->ReadAt(offset, 1, byte).ok());
  byte[0] = static_cast<char>(byte[0] + 1);
  REQUIRE(file.value()->WriteAt(offset, byte).ok());
}

std::vector<std::string> FilesWith(SimulatedDisk& disk, std::string_view prefix) {
  std::vector<std::string> names = disk.Mount()->List().value();
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(prefix); });
  return names;
}

TEST_CASE("A damaged change older than the checkpoint fails the reads that want it",
          "[disk][log]") {
  Folder folder;
  const std::vector<std::string> journals = FilesWith(folder.disk, "journal-");
  REQUIRE(journals.size() > 3);
  Damage(folder.disk, journals.front(), kSegmentBytes / 2);
  Opened opened(folder.disk, SmallSegments());
  const storage::TablePtr table = opened.database->tables().Find("items");
  const ChangeLog& log = *table->log();
  const auto read = log.Read(0, UINT64_MAX, [](const Change&) { return true; });
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().kind == storage::Fault::Kind::kChangeUnreadable);
  CHECK(read.error().name.find(journals.front() + " is damaged at byte ") != std::string::npos);
  const std::uint64_t next = log.next_sequence();
  CHECK(ChangesOf(log, next - 50) == Part(folder.items_changes, next - 50, next));

  // The stream shows what is before the damage, then fails, and can be read after it.
  const stream::StreamPtr stream =
      opened.database->streams().Find(table->metadata()->latest_stream_arn);
  const Micros now = opened.database->clock().Now();
  const std::vector<stream::Shard> shards = stream->ShardsAt(now);
  std::uint64_t shown = 0;
  std::uint64_t failed = 0;
  for (const stream::Shard& shard : shards) {
    std::optional<std::uint64_t> position = shard.begin;
    while (position.has_value() && *position < next) {
      const auto page = stream->Read(shard.id, *position, 100, now);
      if (!page.ok()) {
        CHECK(page.error().kind == stream::Fault::Kind::kRecordUnreadable);
        ++failed;
        break;
      }
      shown += page.value().changes.size();
      position = page.value().next;
    }
  }
  CHECK(shown > 0);
  CHECK(shown < next - 1);
  CHECK(failed == shards.size());
}

TEST_CASE("Without its index, a file of the journal is read, and indexed again", "[disk][log]") {
  Folder folder;
  std::vector<std::string> indexes = FilesWith(folder.disk, "index-");
  REQUIRE(indexes.size() == FilesWith(folder.disk, "journal-").size());
  SECTION("removed") {
    REQUIRE(folder.disk.Mount()->Remove(indexes.front()).ok());
  }
  SECTION("damaged") {
    Damage(folder.disk, indexes.front(), 60);
  }
  SECTION("of another file") {
    REQUIRE(folder.disk.Mount()->Rename(indexes.at(1), indexes.front()).ok());
  }
  {
    Opened opened(folder.disk, SmallSegments());
    CHECK(ChangesOf(*opened.database->tables().Find("items")->log()) == folder.items_changes);
  }
  CHECK(FilesWith(folder.disk, "index-").size() >= indexes.size());
  // Now that all have an index again, the oldest need not be read: what is damaged in it stays
  // unseen.
  Damage(folder.disk, FilesWith(folder.disk, "journal-").front(), kSegmentBytes / 2);
  const Opened opened(folder.disk, SmallSegments());
  CHECK(opened.database->tables().Find("items")->statistics().item_count > 0);
}

}  // namespace
}  // namespace weir::testing
