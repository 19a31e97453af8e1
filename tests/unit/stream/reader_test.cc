// SPDX-License-Identifier: Apache-2.0
#include "stream/reader.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "tests/unit/support/packed.h"

namespace weir::stream {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::ChangeLog;
using Type = ReaderStart::Type;

constexpr std::size_t kLimit = 1000;

std::string Name(const Change& change) {
  return testing::TextOf(change.AnyImage(), "pk");
}

class Fixture {
 public:
  StreamPtr Open(int shards, std::string_view label = "label") {
    StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/";
    info.arn += label;
    info.key_schema = testing::StringKeySchema();
    info.creation_time = now;
    ShardPolicy policy;
    policy.rotation_age = Micros(0);
    return std::make_shared<Stream>(std::move(info), log, shards, policy);
  }
  // Appends a record with that name to the shard of the hash.
  void Append(std::uint64_t hash, std::string_view name) const {
    Change change;
    change.key_hash = hash;
    change.after = testing::StringItem({{"pk", name}});
    change.time = now;
    log->Append(change);
  }
  [[nodiscard]] Reader Subscribe(const StreamPtr& stream, Type type = Type::kTrimHorizon,
                                 Micros timestamp = Micros(0)) const {
    Outcome<Reader> reader = Reader::Subscribe(stream, {type, timestamp}, now);
    REQUIRE(reader.ok());
    return std::move(reader).value();
  }
  // Reads once with each cursor. Returns the names of the records, shard by shard.
  std::vector<std::string> Round(Reader& reader, std::size_t limit = kLimit) {
    std::vector<std::string> names;
    for (const ReaderCursor& cursor : std::vector(reader.cursors())) {
      const ReaderPage page = reader.Read(cursor, limit, now).value();
      lost = lost || page.lost;
      for (const Change& change : page.changes) {
        names.push_back(Name(change));
      }
      reader.Advance(page);
    }
    return names;
  }
  static ShardId OnlyOpen(const Stream& stream) {
    for (const Shard& shard : stream.Shards()) {
      if (shard.open()) {
        return shard.id;
      }
    }
    FAIL("no open shard");
    return {};
  }

  Micros now{1'700'000'000'000'000};
  bool lost = false;
  std::shared_ptr<ChangeLog> log = std::make_shared<ChangeLog>();
};

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Fixture, "A reader starts at the first record, the next one or a time",
                 "[stream][reader]") {
  const StreamPtr stream = Open(2);
  Append(1, "old");
  Append(UINT64_MAX, "old too");
  now += minutes(1);
  Reader all = Subscribe(stream);
  Reader next = Subscribe(stream, Type::kLatest);
  Append(1, "new");
  Reader since = Subscribe(stream, Type::kAtTimestamp, now);
  CHECK(Round(all) == Names{"old", "new", "old too"});
  CHECK(Round(all).empty());
  CHECK(Round(next) == Names{"new"});
  CHECK(Round(since) == Names{"new"});
  const Outcome<Reader> early =
      Reader::Subscribe(stream, {Type::kAtTimestamp, now + seconds(1)}, now);
  REQUIRE(!early.ok());
  CHECK(early.error().kind == Fault::Kind::kTimestampInFuture);
}

TEST_CASE_METHOD(Fixture, "Children are read after all of their parent", "[stream][reader]") {
  const StreamPtr stream = Open(1);
  Append(1, "1a");
  Append(UINT64_MAX, "9a");
  REQUIRE(stream->SplitShard(OnlyOpen(*stream), now).ok());
  Append(1, "1b");
  Append(UINT64_MAX, "9b");
  Reader reader = Subscribe(stream);
  REQUIRE(reader.cursors().size() == 1);
  CHECK(Round(reader, 1) == Names{"1a"});
  CHECK(Round(reader, 1) == Names{"9a"});
  CHECK(reader.cursors().size() == 2);
  CHECK(Round(reader) == Names{"1b", "9b"});
}

TEST_CASE_METHOD(Fixture, "Reading moves nothing, and pages of another place neither",
                 "[stream][reader]") {
  const StreamPtr stream = Open(1);
  Append(1, "a");
  Append(1, "b");
  Reader reader = Subscribe(stream);
  const ReaderPage first = reader.Read(reader.cursors().front(), 1, now).value();
  CHECK(Name(reader.Read(reader.cursors().front(), 1, now).value().changes.at(0)) == "a");
  reader.Advance(first);
  reader.Advance(first);  // has been read already, so this does nothing
  CHECK(Name(reader.Read(reader.cursors().front(), 1, now).value().changes.at(0)) == "b");
}

TEST_CASE_METHOD(Fixture, "A shard without a child is left when the child opens",
                 "[stream][reader]") {
  const StreamPtr stream = Open(1);
  Append(1, "a");
  REQUIRE(stream->CloseShard(OnlyOpen(*stream), now).ok());
  Reader reader = Subscribe(stream);
  CHECK(Round(reader) == Names{"a"});
  CHECK(Round(reader).empty());
  CHECK(!reader.finished());
  Append(1, "b");
  CHECK(Round(reader).empty());  // reads the parent to its end
  CHECK(Round(reader) == Names{"b"});
}

TEST_CASE_METHOD(Fixture, "A reader of a disabled stream finishes with its last record",
                 "[stream][reader]") {
  const StreamPtr stream = Open(3);
  Append(1, "a");
  Reader reader = Subscribe(stream);
  stream->Disable(now);
  CHECK(Round(reader) == Names{"a"});
  CHECK(reader.finished());
  CHECK(Round(reader).empty());
  CHECK(Subscribe(stream, Type::kLatest).finished());
}

TEST_CASE_METHOD(Fixture, "Records that went unread are told of", "[stream][reader]") {
  const StreamPtr stream = Open(1);
  Reader reader = Subscribe(stream);
  Reader idle = Subscribe(stream);
  Append(1, "gone");
  REQUIRE(stream->RotateShard(OnlyOpen(*stream), now).ok());
  now += hours(23);
  Append(1, "kept");
  now += hours(1);
  SECTION("while their shard is there") {}
  SECTION("with their shard") {
    stream->Work(now);
  }
  CHECK(Round(reader).empty());
  CHECK(lost);
  lost = false;
  CHECK(Round(reader) == Names{"kept"});
  CHECK(!lost);
  now += hours(24);
  stream->Work(now);
  CHECK(Round(idle).empty());
  CHECK(lost);
}

TEST_CASE_METHOD(Fixture, "A reader goes on at its checkpoint", "[stream][reader]") {
  const StreamPtr stream = Open(2);
  Append(1, "a");
  Append(UINT64_MAX, "b");
  Reader reader = Subscribe(stream);
  const std::string at_start = reader.Checkpoint();
  CHECK(Round(reader) == Names{"a", "b"});
  const std::string later = reader.Checkpoint();
  CHECK(Reader::StreamOf(later) == stream->info().arn);
  Append(1, "c");
  Outcome<Reader> resumed = Reader::Resume(stream, later);
  REQUIRE(resumed.ok());
  CHECK(resumed.value().Checkpoint() == later);
  CHECK(Round(resumed.value()) == Names{"c"});
  Outcome<Reader> again = Reader::Resume(stream, at_start);
  REQUIRE(again.ok());
  CHECK(Round(again.value()) == Names{"a", "c", "b"});

  stream->Disable(now);
  Round(reader);
  REQUIRE(reader.finished());
  Outcome<Reader> finished = Reader::Resume(stream, reader.Checkpoint());
  REQUIRE(finished.ok());
  CHECK(finished.value().finished());
}

TEST_CASE_METHOD(Fixture, "Text that is no checkpoint of the stream is refused",
                 "[stream][reader]") {
  const StreamPtr stream = Open(2);
  const StreamPtr other = Open(2, "other");
  Append(1, "a");
  const std::string good = Subscribe(stream).Checkpoint();
  const auto refused = [&](const std::string& text) {
    const Outcome<Reader> reader = Reader::Resume(stream, text);
    return !reader.ok() && reader.error().kind == Fault::Kind::kCheckpointInvalid;
  };
  CHECK(!refused(good));
  CHECK(refused(Subscribe(other).Checkpoint()));
  CHECK(refused(""));
  CHECK(refused("2|"));
  CHECK(refused("1" + good.substr(1)));
  std::string before_a_reset = good;
  before_a_reset[2] = good[2] == '0' ? '1' : '0';  // as from another data set
  CHECK(refused(before_a_reset));
  CHECK(refused(good + "|" + good.substr(good.find("|shardId-") + 1)));  // a shard twice
  CHECK(refused(good + "0"));
  CHECK(refused(good.substr(0, good.size() - 1)));
  std::string ahead = good;
  ahead[ahead.size() - 8] = '9';  // a position after the log's end
  CHECK(refused(ahead));
  std::string wider = good;
  wider.replace(wider.find(",7fff") + 1, 4, "6fff");  // a range that no shard has
  CHECK(refused(wider));
}

TEST_CASE_METHOD(Fixture, "A reader is woken by the next record and not after its wait",
                 "[stream][reader]") {
  const StreamPtr stream = Open(2);
  Reader reader = Subscribe(stream, Type::kLatest);
  int woken = 0;
  storage::LogWait wait = reader.WakeAfter([&woken] { ++woken; });
  CHECK(woken == 0);
  CHECK(!reader.behind());
  Append(1, "a");
  Append(1, "b");
  CHECK(woken == 1);
  CHECK(reader.behind());
  wait = reader.WakeAfter([&woken] { ++woken; });  // wakes at once: there are records
  CHECK(woken == 2);
  Round(reader);
  wait = reader.WakeAfter([&woken] { ++woken; });
  wait = {};
  Append(1, "c");
  CHECK(woken == 2);
}

// Random steps. Some readers keep up, others resume from a checkpoint. Each must see every record
// once and those of a key in order, and no loss may be reported.
TEST_CASE_METHOD(Fixture, "Readers miss nothing while shards change", "[stream][reader]") {
  constexpr int kKeys = 16;
  constexpr std::uint64_t kSpread = UINT64_MAX / kKeys;
  const auto seed = static_cast<std::uint32_t>(GENERATE(range(1, 21)));
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto pick = [&random](int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(random);
  };
  const StreamPtr stream = Open(1 + pick(4));
  struct Consumer {
    Reader reader;
    Names names;
  };
  std::vector<Consumer> consumers;
  std::map<std::string, int> written;
  const auto change_shard = [&] {
    std::vector<Shard> shards = stream->Shards();
    std::erase_if(shards, [](const Shard& shard) { return !shard.open(); });
    if (shards.empty()) {
      return;
    }
    const ShardId id = shards[static_cast<std::size_t>(pick(static_cast<int>(shards.size())))].id;
    const int kind = shards.size() < 40 ? pick(3) : 1 + pick(2);
    if (kind == 0) {
      (void)stream->SplitShard(id, now).ok();  // a shard of one key is not split
    } else {
      REQUIRE((kind == 1 ? stream->RotateShard(id, now) : stream->CloseShard(id, now)).ok());
    }
  };
  const auto read = [&](Consumer& consumer) {
    const Names names = Round(consumer.reader, 1 + static_cast<std::size_t>(pick(7)));
    consumer.names.insert(consumer.names.end(), names.begin(), names.end());
    if (pick(3) == 0) {
      Outcome<Reader> resumed = Reader::Resume(stream, consumer.reader.Checkpoint());
      REQUIRE(resumed.ok());
      consumer.reader = std::move(resumed).value();
    }
  };
  std::size_t total = 0;
  for (int step = 0; step < 600; ++step) {
    const int what = pick(10);
    if (what < 6) {
      const int key = pick(kKeys);
      const std::string name = std::to_string(key);
      Append(static_cast<std::uint64_t>(key) * kSpread,
             name + "." + std::to_string(written[name]++));
      ++total;
    } else if (what == 6) {
      change_shard();
    } else if (consumers.size() < 4 && total == 0) {
      consumers.push_back(
          {Subscribe(stream, pick(2) == 0 ? Type::kLatest : Type::kTrimHorizon), {}});
    } else if (!consumers.empty()) {
      read(consumers[static_cast<std::size_t>(pick(static_cast<int>(consumers.size())))]);
    }
  }
  consumers.push_back({Subscribe(stream), {}});
  stream->Disable(now);
  for (Consumer& consumer : consumers) {
    while (!consumer.reader.finished()) {
      read(consumer);
    }
    CHECK(consumer.names.size() == total);
    std::map<std::string, int> seen;
    for (const std::string& name : consumer.names) {
      const std::string key = name.substr(0, name.find('.'));
      CHECK(name == key + "." + std::to_string(seen[key]++));
    }
  }
  CHECK(!lost);
}

}  // namespace
}  // namespace weir::stream
