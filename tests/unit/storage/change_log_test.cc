// SPDX-License-Identifier: Apache-2.0
#include "storage/change_log.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir::storage {
namespace {

using testing::StringItem;
using testing::TextOf;
using Numbers = std::vector<std::uint64_t>;

constexpr std::uint64_t kEverything = UINT64_MAX;

// A change whose item has `text`, written `time` µs after the epoch.
Change Insert(const std::string& text, std::int64_t time = 0) {
  Change change;
  change.after = StringItem({{"v", text}});
  change.time = Micros(time);
  return change;
}

void Append(ChangeLog& log, int count) {
  for (int i = 0; i < count; ++i) {
    log.Append(Insert(std::to_string(log.next_sequence())));
  }
}

// The sequences of the changes kept in [from, to). Checks that each is the change that was appended
// there.
Numbers Kept(const ChangeLog& log, std::uint64_t from = 0, std::uint64_t to = kEverything) {
  Numbers sequences;
  REQUIRE(log.Read(from, to,
                   [&](const Change& change) {
                     REQUIRE(TextOf(change.after, "v") == std::to_string(change.sequence));
                     sequences.push_back(change.sequence);
                     return true;
                   })
              .ok());
  return sequences;
}

Numbers Range(std::uint64_t from, std::uint64_t to) {
  Numbers numbers;
  for (; from < to; ++from) {
    numbers.push_back(from);
  }
  return numbers;
}

TEST_CASE("Nothing is recorded while nobody follows", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  Append(*log, 10);
  CHECK(log->next_sequence() == 1);
  CHECK(log->first_sequence() == 1);
  CHECK(Kept(*log).empty());
}

TEST_CASE("A follower gets what is appended after it, in order and without gaps",
          "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  Append(*log, 5);
  const LogHold hold = log->Follow();
  Append(*log, 1000);  // several chunks
  CHECK(log->next_sequence() == 1001);
  CHECK(Kept(*log) == Range(1, 1001));
  CHECK(Kept(*log, 255, 259) == Range(255, 259));
  CHECK(Kept(*log, 256, 257) == Numbers{256});
  CHECK(Kept(*log, 257, 258) == Numbers{257});
  CHECK(Kept(*log, 1000) == Numbers{1000});
  CHECK(Kept(*log, 1001).empty());
  CHECK(Kept(*log, 5000, 6000).empty());
  CHECK(Kept(*log, 7, 7).empty());
  CHECK(Kept(*log, 9, 7).empty());
}

TEST_CASE("Read stops when the visitor has enough", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  const LogHold hold = log->Follow();
  Append(*log, 600);
  int visits = 0;
  REQUIRE(log->Read(250, kEverything, [&](const Change&) { return ++visits < 10; }).ok());
  CHECK(visits == 10);
}

TEST_CASE("What no hold needs is let go", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold hold = log->Follow();
  Append(*log, 700);
  for (const std::uint64_t keep : {1ULL, 2ULL, 256ULL, 257ULL, 258ULL, 600ULL}) {
    hold.KeepFrom(keep);
    CHECK(log->first_sequence() == keep);
    CHECK(Kept(*log) == Range(keep, 701));
  }
  hold.KeepFrom(3);  // does not bring back what was dropped
  CHECK(log->first_sequence() == 600);
  hold.KeepFrom(701);
  CHECK(log->first_sequence() == 701);
  CHECK(Kept(*log).empty());
  Append(*log, 300);
  CHECK(Kept(*log) == Range(701, 1001));
}

TEST_CASE("Trimming at the border of a chunk keeps the log going", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold hold = log->Follow();
  Append(*log, 512);  // two full chunks
  hold.KeepFrom(513);
  CHECK(Kept(*log).empty());
  Append(*log, 1);
  CHECK(Kept(*log) == Numbers{513});
}

TEST_CASE("Each of several holds keeps what it needs", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold early = log->Follow();
  Append(*log, 10);
  LogHold late = log->Follow();
  Append(*log, 10);
  late.KeepFrom(15);
  CHECK(Kept(*log) == Range(1, 21));
  early.KeepFrom(12);
  CHECK(Kept(*log) == Range(12, 21));
  early = LogHold();
  CHECK(Kept(*log) == Range(15, 21));
  late = LogHold();
  CHECK(Kept(*log).empty());
  CHECK(log->first_sequence() == 21);
}

TEST_CASE("A new follower needs nothing of what was there before", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold early = log->Follow();
  Append(*log, 10);
  const LogHold late = log->Follow();
  early = LogHold();
  CHECK(Kept(*log).empty());
  Append(*log, 2);
  CHECK(Kept(*log) == Range(11, 13));
}

TEST_CASE("After the last hold the log is empty, and starts anew with the next", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  {
    const LogHold hold = log->Follow();
    Append(*log, 300);
  }
  CHECK(log->first_sequence() == 301);
  CHECK(Kept(*log).empty());
  Append(*log, 10);
  CHECK(log->next_sequence() == 301);
  const LogHold hold = log->Follow();
  Append(*log, 300);
  CHECK(Kept(*log) == Range(301, 601));
}

TEST_CASE("A hold that stopped following keeps its entries and gets no more", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold hold = log->Follow();
  Append(*log, 10);
  hold.StopFollowing();
  Append(*log, 10);
  CHECK(Kept(*log) == Range(1, 11));
  // With a new hold, the sequence goes on.
  const LogHold other = log->Follow();
  Append(*log, 5);
  CHECK(Kept(*log) == Range(1, 16));
}

TEST_CASE("Holds move", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold first = log->Follow();
  Append(*log, 3);
  LogHold second = std::move(first);
  Append(*log, 3);
  CHECK(Kept(*log) == Range(1, 7));
  LogHold other = log->Follow();
  other = std::move(second);  // releases its hold and takes over that of `second`
  CHECK(Kept(*log) == Range(1, 7));
  other.KeepFrom(7);
  CHECK(Kept(*log).empty());
  LogHold nothing;
  nothing.KeepFrom(5);
  nothing.StopFollowing();
}

TEST_CASE("A hold outlives everybody else's reference to the log", "[storage][log]") {
  auto log = std::make_shared<ChangeLog>();
  const std::weak_ptr<ChangeLog> watch = log;
  {
    const LogHold hold = log->Follow();
    log.reset();
    CHECK_FALSE(watch.expired());
  }
  CHECK(watch.expired());
}

TEST_CASE("FirstSequenceSince finds the first change at or after a time", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold hold = log->Follow();
  CHECK(log->FirstSequenceSince(Micros(0)) == 1);
  for (std::int64_t i = 1; i <= 600; ++i) {
    log->Append(Insert(std::to_string(i), 10 * ((i + 1) / 2)));  // 10 10 20 20 30 30 …
  }
  CHECK(log->FirstSequenceSince(Micros(0)) == 1);
  CHECK(log->FirstSequenceSince(Micros(10)) == 1);
  CHECK(log->FirstSequenceSince(Micros(11)) == 3);
  CHECK(log->FirstSequenceSince(Micros(20)) == 3);
  CHECK(log->FirstSequenceSince(Micros(3000)) == 599);
  CHECK(log->FirstSequenceSince(Micros(3001)) == 601);
  hold.KeepFrom(300);
  CHECK(log->FirstSequenceSince(Micros(10)) == 300);
  CHECK(log->FirstSequenceSince(Micros(2000)) == 399);
  hold = LogHold();
  CHECK(log->FirstSequenceSince(Micros(10)) == 601);
}

TEST_CASE("The log is read and trimmed while it grows", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  LogHold hold = log->Follow();
  constexpr std::uint64_t kCount = 20'000;
  std::atomic<int> wrong{0};
  std::thread reader([&] {
    LogHold mine = log->Follow();
    std::uint64_t next = 1;
    while (next <= kCount) {
      const Outcome<void> read = log->Read(next, kEverything, [&](const Change& change) {
        wrong += change.sequence == next ? 0 : 1;
        wrong += TextOf(change.after, "v") == std::to_string(next) ? 0 : 1;
        ++next;
        return true;
      });
      wrong += read.ok() ? 0 : 1;
      hold.KeepFrom(next);  // drops what both have read
      mine.KeepFrom(next);
      (void)log->FirstSequenceSince(Micros(0));
    }
  });
  Append(*log, kCount);
  reader.join();
  CHECK(wrong == 0);
  CHECK(log->first_sequence() == kCount + 1);
}

std::shared_ptr<LogBudget> NewBudget(std::uint64_t limit = UINT64_MAX) {
  return std::make_shared<LogBudget>(limit, [] {});
}

Change Update(const std::string& before, const std::string& after, std::int64_t time = 0) {
  Change change = Insert(after, time);
  change.before = StringItem({{"v", before}});
  return change;
}

TEST_CASE("A log counts what it alone keeps", "[storage][log]") {
  const auto budget = NewBudget();
  const auto log = std::make_shared<ChangeLog>(budget);
  std::optional<LogHold> hold = log->Follow();
  log->Append(Insert(std::string(10'000, 'x')));
  const std::uint64_t with_insert = log->bytes();
  CHECK(with_insert < 30'000);  // the item is not counted, since the table has it, too
  log->Append(Update(std::string(10'000, 'x'), "y"));
  CHECK(log->bytes() > with_insert + 10'000);
  CHECK(budget->used() == log->bytes());
  hold.reset();
  CHECK(log->bytes() == 0);
  CHECK(budget->used() == 0);
}

TEST_CASE("A log that outlives its table counts what the table had last", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>(NewBudget());
  const LogHold hold = log->Follow();
  const Item version = StringItem({{"v", std::string(10'000, 'x')}});
  Change first;
  first.after = version;
  log->Append(first);
  Change second;
  second.before = version;  // counted with this change
  second.after = StringItem({{"v", std::string(10'000, 'y')}});
  log->Append(second);
  Append(*log, 300);  // more than one chunk
  const std::uint64_t before = log->bytes();
  log->OutliveTable();
  const std::uint64_t after = log->bytes();
  CHECK(after > before + 10'000);
  CHECK(after < before + 10'000 + 300UL * 100 + 1000);
  log->OutliveTable();
  CHECK(log->bytes() == after);
}

TEST_CASE("Images are given up by the entry, not with their chunk", "[storage][log]") {
  const auto budget = NewBudget();
  const auto log = std::make_shared<ChangeLog>(budget);
  LogHold hold = log->Follow();
  for (int i = 0; i < 200; ++i) {
    log->Append(Update(std::string(395'000, 'x'), std::to_string(i + 1)));
  }
  const std::uint64_t all = log->bytes();
  hold.KeepFrom(151);
  CHECK(log->bytes() < all - 150UL * 395'000);
  CHECK(log->bytes() > 50UL * 395'000);
  CHECK(budget->used() == log->bytes());
  CHECK(Kept(*log) == Range(151, 201));
  // The log goes on after the chunk that lost some of its images.
  Append(*log, 100);
  CHECK(Kept(*log) == Range(151, 301));
}

TEST_CASE("The oldest share is as large as is asked for", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  const LogHold hold = log->Follow();
  for (int i = 0; i < 1000; ++i) {
    log->Append(Update(std::string(1000, 'x'), std::to_string(i + 1), i));
  }
  const ChangeLog::Share one = log->OldestShare(0, Micros::max(), 1);
  CHECK(one.end == 2);
  CHECK(one.bytes > 1000);
  const ChangeLog::Share many = log->OldestShare(0, Micros::max(), 300 * one.bytes);
  CHECK(many.end >= 290);
  CHECK(many.end <= 302);
  CHECK(log->OldestShare(0, Micros(99), UINT64_MAX).end == 101);
  CHECK(log->OldestShare(500, Micros::max(), UINT64_MAX).end == 1001);
  CHECK(log->OldestShare(2000, Micros::max(), UINT64_MAX).bytes == 0);
}

TEST_CASE("Whoever waits is woken by what is no change, too", "[storage][log]") {
  const auto log = std::make_shared<ChangeLog>();
  int woken = 0;
  const LogWait wait = log->WakeAfter(1, [&] { ++woken; });
  log->WakeAll();
  log->WakeAll();
  CHECK(woken == 1);
}

TEST_CASE("A budget tells once that it is exceeded", "[storage][log]") {
  int told = 0;
  LogBudget budget(100, [&] { ++told; });
  budget.Add(100);
  CHECK(told == 0);
  budget.Add(1);
  budget.Add(1);
  CHECK(told == 1);
  budget.BeginTrim();
  budget.Add(1);
  CHECK(told == 2);
  budget.Remove(103);
  CHECK(budget.used() == 0);
}

}  // namespace
}  // namespace weir::storage
