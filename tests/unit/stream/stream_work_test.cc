// SPDX-License-Identifier: Apache-2.0
// How the shards of a stream change with time and on command.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/limits.h"
#include "stream/stream.h"
#include "tests/unit/support/packed.h"

namespace weir::stream {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::ChangeLog;

constexpr Micros kStart{1'700'000'000'000'000};

struct Fixture {
  Micros now = kStart;
  int woken = 0;
  std::shared_ptr<ChangeLog> log = std::make_shared<ChangeLog>();

  std::unique_ptr<Stream> Open(int shards, const ShardPolicy& policy = {}) {
    StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/label";
    info.key_schema = testing::StringKeySchema();
    info.creation_time = now;
    return std::make_unique<Stream>(std::move(info), log, shards, policy, [this] { ++woken; });
  }
  void Append(std::uint64_t hash) const {
    Change change;
    change.key_hash = hash;
    change.after = testing::StringItem({{"pk", std::to_string(hash)}});
    change.time = now;
    log->Append(change);
  }
  // Writes `each` records per second for every hash, for so many seconds, and runs Work after each
  // second.
  void Write(Stream& stream, int for_seconds, int each, const std::vector<std::uint64_t>& hashes) {
    for (int second = 0; second < for_seconds; ++second) {
      for (int i = 0; i < each; ++i) {
        for (const std::uint64_t hash : hashes) {
          Append(hash);
        }
      }
      now += seconds(1);
      stream.Work(now);
    }
  }
};

std::vector<Shard> OpenShards(const Stream& stream) {
  std::vector<Shard> open = stream.Shards();
  std::erase_if(open, [](const Shard& shard) { return !shard.open(); });
  return open;
}

TEST_CASE_METHOD(Fixture, "A shard that takes too much is split at the middle of its traffic",
                 "[stream][shards]") {
  const auto stream = Open(1, {.split_rate = 10, .split_seconds = 3});
  now += minutes(1);
  Write(*stream, 2, 6, {100, 200});
  CHECK(stream->Shards().size() == 1);  // not for long enough
  Write(*stream, 1, 6, {100, 200});
  const std::vector<Shard> open = OpenShards(*stream);
  REQUIRE(open.size() == 2);
  const std::uint64_t border = std::max(open[0].hash_first, open[1].hash_first);
  CHECK(border == 200);
  CHECK(stream->Shards().size() == 3);
  // The children have to cool down first.
  Write(*stream, 10, 60, {100, 110, 200, 210});
  CHECK(OpenShards(*stream).size() == 2);
  now += minutes(1);
  Write(*stream, 4, 60, {100, 110, 200, 210});
  CHECK(OpenShards(*stream).size() == 4);
}

TEST_CASE_METHOD(Fixture, "A shard is not split below one key, nor beyond the cap",
                 "[stream][shards]") {
  const auto one_key = Open(1, {.split_rate = 1, .split_seconds = 2, .split_cooldown = Micros(0)});
  Write(*one_key, 5, 10, {7});
  CHECK(one_key->Shards().size() == 1);
  const auto capped = Open(
      2, {.split_rate = 1, .split_seconds = 2, .split_cooldown = Micros(0), .max_open_shards = 3});
  Write(*capped, 20, 10, {1, 2, 3, 4, UINT64_MAX - 3, UINT64_MAX - 2, UINT64_MAX});
  CHECK(OpenShards(*capped).size() == 3);
}

TEST_CASE_METHOD(Fixture, "A shard that rests between is not split", "[stream][shards]") {
  const auto stream = Open(1, {.split_rate = 10, .split_seconds = 3, .split_cooldown = Micros(0)});
  for (int i = 0; i < 10; ++i) {
    Write(*stream, 2, 20, {1, 2});
    Write(*stream, 1, 1, {1});
  }
  CHECK(stream->Shards().size() == 1);
}

TEST_CASE_METHOD(Fixture, "Shards rotate about every four hours and go after 24 more",
                 "[stream][shards]") {
  const auto stream = Open(4);
  const Micros end = now + hours(48);
  std::size_t most = 0;
  for (; now < end; now += minutes(1)) {
    most = std::max(most, stream->ShardsAt(now).size());
  }
  CHECK(OpenShards(*stream).size() == 4);
  // In 24 hours each of the four shards rotates 5.5 to 6.5 times.
  CHECK(most >= 24);
  CHECK(most <= 32);
  for (const Shard& shard : stream->Shards()) {
    if (!shard.open()) {
      CHECK(shard.closed - shard.created >= hours(4) - minutes(20));
      CHECK(shard.closed - shard.created <= hours(4) + minutes(20));
      CHECK(shard.closed > end - hours(24) - minutes(1));
    }
  }
}

TEST_CASE_METHOD(Fixture, "Shards that grow old are no work", "[stream][shards]") {
  const auto stream = Open(256);
  CHECK(stream->Work(now) == std::nullopt);
  now += hours(24 * 365);
  CHECK(stream->Work(now) == std::nullopt);
}

TEST_CASE_METHOD(Fixture, "When somebody looks does not change what the shards are",
                 "[stream][shards]") {
  const auto watched = Open(3);
  const auto unwatched = Open(3);
  for (int step = 0; step < 180; ++step) {
    if (step % 7 == 0) {
      Append(static_cast<std::uint64_t>(step) << 56U);
    }
    now += minutes(10);
    (void)watched->ShardsAt(now);
  }
  const std::vector<Shard> seen = watched->ShardsAt(now);
  const std::vector<Shard> found = unwatched->ShardsAt(now);
  REQUIRE(seen.size() == found.size());
  CHECK(seen.size() > 15);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].id == found[i].id);
    CHECK(seen[i].parent == found[i].parent);
    CHECK(seen[i].begin == found[i].begin);
    CHECK(seen[i].end == found[i].end);
    CHECK(seen[i].created == found[i].created);
    CHECK(seen[i].starting_number == found[i].starting_number);
  }
}

TEST_CASE_METHOD(Fixture, "A record belongs to the shard of its time, whenever that is found out",
                 "[stream][shards]") {
  const auto stream = Open(1);
  for (int hour = 0; hour < 23; ++hour) {
    Append(static_cast<std::uint64_t>(hour));
    now += hours(1);
  }
  std::size_t records = 0;
  for (const Shard& shard : stream->ShardsAt(now)) {
    const Outcome<ShardPage> page = stream->Read(shard.id, shard.begin, 100, now);
    for (const Change& change : page.value().changes) {
      CHECK(change.time >= shard.created);
      CHECK((shard.open() || change.time <= shard.closed));
      ++records;
    }
  }
  CHECK(records == 23);
}

TEST_CASE_METHOD(Fixture, "A century without a look costs no more than some days",
                 "[stream][shards]") {
  const auto stream = Open(256);
  now += hours(24 * 36'500);
  const std::vector<Shard> shards = stream->ShardsAt(now);
  CHECK(OpenShards(*stream).size() == 256);
  CHECK(shards.size() > 256UL * 5);
  CHECK(shards.size() < 256UL * 8);
  for (const Shard& shard : shards) {
    CHECK((!shard.open() || shard.created > now - hours(5)));
  }
}

TEST_CASE_METHOD(Fixture, "A stream has 256 open shards at most", "[stream][shards]") {
  const auto stream = Open(100);
  REQUIRE(stream->SplitAll(now).ok());
  CHECK(stream->SplitAll(now).error().kind == Fault::Kind::kTooManyOpenShards);
  CHECK(OpenShards(*stream).size() == 200);
  REQUIRE(stream->SetOpenShards(256, now).ok());
  CHECK(stream->SplitShard(OpenShards(*stream)[0].id, now).error().kind ==
        Fault::Kind::kTooManyOpenShards);
  REQUIRE(stream->CloseAll(now).ok());  // a vacant shard counts, since its child will be open
  Append(0);
  CHECK(stream->SplitShard(OpenShards(*stream).at(0).id, now).error().kind ==
        Fault::Kind::kTooManyOpenShards);
}

TEST_CASE_METHOD(Fixture, "A stream keeps 10,000 shards at most", "[stream][shards]") {
  const auto stream = Open(100);
  Outcome<void> status;
  int rounds = 0;
  for (; status.ok(); ++rounds) {
    status = stream->RotateAll(now);
  }
  CHECK(rounds == 100);
  CHECK(status.error().kind == Fault::Kind::kTooManyShards);
  CHECK(stream->Shards().size() == limits::kStreamShardsKept);
  now += hours(12);  // no shard is old enough to be removed
  CHECK(stream->ShardsAt(now).size() == limits::kStreamShardsKept);
  now += hours(12);
  CHECK(stream->ShardsAt(now).size() < 1000);
  CHECK(stream->RotateAll(now).ok());
}

TEST_CASE_METHOD(Fixture, "A closed shard is vacant until a record of its range comes",
                 "[stream][shards]") {
  const auto stream = Open(1);
  const ShardId id = stream->Shards()[0].id;
  Append(1);
  REQUIRE(stream->CloseShard(id, now).ok());
  CHECK(stream->Shards().size() == 1);
  CHECK(stream->Read(id, 1, 10, now).value().next == std::nullopt);
  now += seconds(5);
  Append(2);
  const std::vector<Shard> shards = stream->Shards();
  REQUIRE(shards.size() == 2);
  CHECK(shards[1].parent == id);
  const ShardPage page = stream->Read(shards[1].id, shards[1].begin, 10, now).value();
  REQUIRE(page.changes.size() == 1);
  CHECK(page.changes[0].key_hash == 2);
}

TEST_CASE_METHOD(Fixture, "The number of open shards is set by splits", "[stream][shards]") {
  const auto stream = Open(1);
  REQUIRE(stream->SetOpenShards(6, now).ok());
  CHECK(OpenShards(*stream).size() == 6);
  CHECK(stream->SetOpenShards(5, now).error().kind == Fault::Kind::kFewerShardsAsked);
  stream->Disable(now);
  CHECK(stream->SetOpenShards(8, now).error().kind == Fault::Kind::kStreamDisabled);
  CHECK(stream->RotateShard(stream->Shards()[0].id, now).error().kind ==
        Fault::Kind::kStreamDisabled);
}

TEST_CASE_METHOD(Fixture, "The record after a shard's last belongs to its child alone",
                 "[stream][shards]") {
  const auto stream = Open(1);
  const ShardId parent = stream->Shards().back().id;
  Append(1);
  REQUIRE(stream->RotateShard(parent, now).ok());
  Append(2);
  const ShardId child = stream->Shards().back().id;
  REQUIRE(child != parent);
  const std::string number = stream->SequenceNumberOf(2);
  for (const IteratorType type : {IteratorType::kAtSequence, IteratorType::kAfterSequence}) {
    CHECK(stream->PositionOf(child, {type, number, {}}, now).ok());
    CHECK(stream->PositionOf(parent, {type, number, {}}, now).error().kind ==
          Fault::Kind::kSequenceNumberInvalid);
  }
}

TEST_CASE_METHOD(Fixture, "A quiet stream asks to be looked after when something is written",
                 "[stream][shards]") {
  const auto stream = Open(1);
  stream->Work(now);
  stream->Work(now);
  CHECK(woken == 0);
  Append(1);
  Append(2);
  CHECK(woken == 1);
  CHECK(stream->Work(now) == now + seconds(1));
}

}  // namespace
}  // namespace weir::stream
