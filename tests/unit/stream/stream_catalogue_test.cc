// SPDX-License-Identifier: Apache-2.0
#include "stream/stream_catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/support/packed.h"

namespace weir::stream {
namespace {

using Texts = std::vector<std::string>;

constexpr Micros kDay = std::chrono::hours(24);
const std::string kPrefix = "arn:aws:dynamodb:eu-west-1:000000000000:table/";

struct Fixture {
  ManualClock clock{Micros(1'700'000'000'123'999)};
  StreamCatalogue catalogue{clock, {.split_rate = 0, .rotation_age = Micros(0)}};
  std::shared_ptr<storage::ChangeLog> log = std::make_shared<storage::ChangeLog>();

  void Append(const std::string& key) const {
    Change change;
    change.after = testing::StringItem({{"pk", key}});
    change.time = clock.Now();
    log->Append(change);
  }
  StreamPtr Open(const std::string& table) {
    storage::TableMetadata metadata;
    metadata.name = table;
    metadata.arn = kPrefix + table;
    metadata.key_schema = testing::StringKeySchema();
    return catalogue.Open(metadata, StreamViewType::kNewImage, log, 4);
  }
  Texts List(const std::string& table, const std::string& start, std::size_t limit) {
    Texts arns;
    for (const StreamPtr& stream : catalogue.List(table, start, limit).streams) {
      arns.push_back(stream->info().arn);
    }
    return arns;
  }
};

TEST_CASE_METHOD(Fixture, "A stream is named by the millisecond it was opened in",
                 "[stream][catalogue]") {
  const StreamPtr stream = Open("t");
  const StreamInfo& info = stream->info();
  CHECK(info.label == "2023-11-14T22:13:20.123");
  CHECK(info.arn == kPrefix + "t/stream/2023-11-14T22:13:20.123");
  CHECK(info.table_name == "t");
  CHECK(info.view_type == StreamViewType::kNewImage);
  CHECK(info.key_schema == testing::StringKeySchema());
  CHECK(info.creation_time == clock.Now());
  CHECK(stream->Shards().size() == 4);
  CHECK(catalogue.Find(info.arn) == stream);
  CHECK(catalogue.Find(info.arn + "0") == nullptr);
  CHECK(catalogue.Find("") == nullptr);
}

TEST_CASE_METHOD(Fixture, "A label in use is bumped until it is new", "[stream][catalogue]") {
  Texts labels;
  for (int i = 0; i < 3; ++i) {
    labels.push_back(Open("t")->info().label);
  }
  CHECK(labels ==
        Texts{"2023-11-14T22:13:20.123", "2023-11-14T22:13:20.124", "2023-11-14T22:13:20.125"});
  // Another table has its own labels.
  CHECK(Open("u")->info().label == "2023-11-14T22:13:20.123");
  // When the time reaches a label that was moved ahead, the next label skips it.
  clock.Advance(Micros(1'000));
  CHECK(Open("t")->info().label == "2023-11-14T22:13:20.126");
}

TEST_CASE_METHOD(Fixture, "Bumped streams differ in shards and events too", "[stream][catalogue]") {
  const StreamPtr first = Open("t");
  const StreamPtr second = Open("t");
  CHECK(first->Shards()[0].id != second->Shards()[0].id);
  CHECK(first->EventIdOf(1) != second->EventIdOf(1));
}

TEST_CASE_METHOD(Fixture, "Streams are listed by ARN, in pages", "[stream][catalogue]") {
  Texts arns;
  for (const char* table : {"b", "a", "b", "c", "a"}) {
    arns.push_back(Open(table)->info().arn);
  }
  std::sort(arns.begin(), arns.end());
  CHECK(List("", "", 100) == arns);
  CHECK(List("", "", 2) == Texts{arns[0], arns[1]});
  CHECK(List("", arns[1], 2) == Texts{arns[2], arns[3]});
  CHECK(List("", arns[3], 2) == Texts{arns[4]});
  CHECK(List("", arns[4], 2).empty());
  CHECK(List("a", "", 100) == Texts{arns[0], arns[1]});
  CHECK(List("a", arns[0], 100) == Texts{arns[1]});
  CHECK(List("nobody", "", 100).empty());
  CHECK(catalogue.List("", "", 4).more);
  CHECK_FALSE(catalogue.List("", "", 5).more);
  CHECK(catalogue.List("a", "", 1).more);
  CHECK_FALSE(catalogue.List("a", "", 2).more);
  // Paging goes on after a start that does not exist.
  CHECK(List("", kPrefix + "a/stream/9999", 100) == Texts{arns[2], arns[3], arns[4]});
}

TEST_CASE_METHOD(Fixture, "A disabled stream is found for 24 hours", "[stream][catalogue]") {
  const bool trims = GENERATE(false, true);  // the answers don't depend on when memory is freed
  const StreamPtr enabled = Open("enabled");
  const StreamPtr disabled = Open("disabled");
  const std::string arn = disabled->info().arn;
  disabled->Disable(clock.Now());
  clock.Advance(kDay - Micros(1));
  if (trims) {
    catalogue.Work();
  }
  CHECK(catalogue.Find(arn) == disabled);
  CHECK(List("", "", 100).size() == 2);
  clock.Advance(Micros(1));
  if (trims) {
    catalogue.Work();
  }
  CHECK(catalogue.Find(arn) == nullptr);
  CHECK(List("", "", 100) == Texts{enabled->info().arn});
  CHECK(List("disabled", "", 100).empty());
}

TEST_CASE_METHOD(Fixture, "Trimming frees records of all streams", "[stream][catalogue]") {
  Open("t");
  Append("a");
  clock.Advance(kDay - Micros(1));
  catalogue.Work();
  CHECK(log->first_sequence() == 1);
  clock.Advance(std::chrono::minutes(1));
  catalogue.Work();
  CHECK(log->first_sequence() == 2);
}

TEST_CASE("Each catalogue is a data set of its own", "[stream][catalogue]") {
  const ManualClock clock{Micros(0)};
  CHECK(StreamCatalogue(clock).data_set() != StreamCatalogue(clock).data_set());
}

TEST_CASE_METHOD(Fixture, "The catalogue says when there is something to do again",
                 "[stream][catalogue]") {
  using std::chrono::hours;
  using std::chrono::seconds;
  const Micros start = clock.Now();
  CHECK(catalogue.Work() == std::nullopt);
  const StreamPtr stream = Open("t");
  CHECK(catalogue.Work() == start + seconds(1));
  clock.Advance(hours(1));
  CHECK(catalogue.Work() == std::nullopt);  // an idle stream needs no work, even with old shards
  Append("a");
  clock.Advance(hours(1));
  Append("b");
  CHECK(catalogue.Work() == clock.Now() + seconds(1));  // more work follows while there is traffic
  clock.Advance(seconds(1));
  CHECK(catalogue.Work() == start + hours(1) + kDay);
  clock.Advance(hours(23));
  CHECK(catalogue.Work() == start + hours(2) + kDay);
  stream->Disable(clock.Now());
  clock.Advance(seconds(1));
  CHECK(catalogue.Work() == start + hours(2) + kDay);
  clock.Advance(hours(1));
  CHECK(catalogue.Work() == start + hours(25) + seconds(1) + kDay);
  clock.Advance(kDay);
  CHECK(catalogue.Work() == std::nullopt);
  CHECK(catalogue.Find(stream->info().arn) == nullptr);
}

TEST_CASE_METHOD(Fixture, "Work on a thousand idle streams is none", "[stream][catalogue]") {
  for (int i = 0; i < 1000; ++i) {
    Open("t" + std::to_string(i));
  }
  clock.Advance(std::chrono::seconds(1));
  CHECK(catalogue.Work() == std::nullopt);
}

struct TwoLogs : Fixture {
  std::shared_ptr<storage::LogBudget> budget = std::make_shared<storage::LogBudget>(100'000, [] {});
  std::shared_ptr<storage::ChangeLog> one = std::make_shared<storage::ChangeLog>(budget);
  std::shared_ptr<storage::ChangeLog> other = std::make_shared<storage::ChangeLog>(budget);
  StreamPtr first = OpenOn("first", one);
  StreamPtr second = OpenOn("second", other);

  StreamPtr OpenOn(const std::string& name, const std::shared_ptr<storage::ChangeLog>& of) {
    storage::TableMetadata metadata;
    metadata.name = name;
    metadata.arn = kPrefix + name;
    metadata.key_schema = testing::StringKeySchema();
    return catalogue.Open(metadata, StreamViewType::kNewAndOldImages, of, 1);
  }
  void AppendLarge(storage::ChangeLog& to) const {
    Change change;
    change.before = testing::StringItem({{"pk", std::string(10'000, 'x')}});
    change.after = testing::StringItem({{"pk", "x"}});
    change.time = clock.Now();
    to.Append(change);
  }
};

TEST_CASE_METHOD(TwoLogs, "The oldest records of all streams make room", "[stream][catalogue]") {
  for (int i = 0; i < 10; ++i) {
    for (const auto& to : {one, other}) {
      AppendLarge(*to);
      clock.Advance(std::chrono::seconds(1));
    }
  }
  REQUIRE(budget->used() > 200'000);
  catalogue.TrimTo(*budget);
  CHECK(budget->used() <= 100'000);
  CHECK(budget->used() >= 80'000);  // single records are dropped, no more than needed
  // Both lost equally many, since they were written in turns.
  CHECK(one->first_sequence() >= other->first_sequence());
  CHECK(one->first_sequence() <= other->first_sequence() + 1);
  CHECK(first->dropped_to() == one->first_sequence());
  const std::uint64_t kept = budget->used();
  catalogue.TrimTo(*budget);
  CHECK(budget->used() == kept);
}

TEST_CASE_METHOD(TwoLogs, "While the clock stands still streams make room in turns",
                 "[stream][catalogue]") {
  for (int i = 0; i < 100; ++i) {
    AppendLarge(*one);
    AppendLarge(*other);
  }
  catalogue.TrimTo(*budget);
  CHECK(budget->used() <=
        110'000);  // small images stay: dropping them would need a copy of their chunk
  // Both have records left.
  CHECK(one->first_sequence() < one->next_sequence());
  CHECK(other->first_sequence() < other->next_sequence());
}

}  // namespace
}  // namespace weir::stream
