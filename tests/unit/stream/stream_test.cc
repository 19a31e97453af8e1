// SPDX-License-Identifier: Apache-2.0
// Tests a Stream over a log that they append to: shards, positions and trimming.
#include "stream/stream.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/value_writer.h"
#include "tests/unit/support/packed.h"

namespace weir::stream {
namespace {

using storage::ChangeLog;
using testing::Num;
using testing::StringItem;
using testing::TextOf;
using Texts = std::vector<std::string>;

constexpr Micros kStart{1'700'000'000'000'000};
constexpr Micros kDay = std::chrono::hours(24);
constexpr ShardPolicy kNoChanges{.split_rate = 0, .rotation_age = Micros(0)};

struct Fixture {
  Micros now = kStart;
  std::shared_ptr<ChangeLog> log = std::make_shared<ChangeLog>();

  std::unique_ptr<Stream> Open(int shards,
                               StreamViewType view = StreamViewType::kNewAndOldImages) const {
    StreamInfo info;
    info.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/label";
    info.key_schema = testing::StringKeySchema();
    info.view_type = view;
    info.creation_time = now;
    return std::make_unique<Stream>(std::move(info), log, shards, kNoChanges);
  }
  // Appends an INSERT of {"pk": text} with `bytes` more bytes.
  void Append(const std::string& text, std::uint64_t hash = 0, std::size_t bytes = 0) const {
    Change change;
    change.key_hash = hash;
    change.after = StringItem({{"pk", text}, {"v", std::string(bytes, 'x')}});
    change.time = now;
    log->Append(change);
  }
};

// The only shard of a stream that has one.
Shard Only(const Stream& stream) {
  const std::vector<Shard> shards = stream.Shards();
  REQUIRE(shards.size() == 1);
  return shards[0];
}

ShardPage Read(const Stream& stream, const Shard& shard, std::uint64_t position, Micros now,
               std::size_t limit = limits::kGetRecordsLimit) {
  Outcome<ShardPage> page = stream.Read(shard.id, position, limit, now);
  REQUIRE(page.ok());
  return std::move(page).value();
}

Texts Keys(const ShardPage& page) {
  Texts keys;
  for (const Change& change : page.changes) {
    keys.push_back(TextOf(change.AnyImage(), "pk"));
  }
  return keys;
}

std::uint64_t PositionOf(const Stream& stream, const Shard& shard, const IteratorStart& start,
                         Micros now) {
  const Outcome<std::uint64_t> position = stream.PositionOf(shard.id, start, now);
  REQUIRE(position.ok());
  return position.value();
}

std::uint64_t Horizon(const Stream& stream, const Shard& shard, Micros now) {
  return PositionOf(stream, shard, {IteratorType::kTrimHorizon, "", {}}, now);
}

// The keys of a shard's records from its trim horizon on.
Texts All(const Stream& stream, const Shard& shard, Micros now) {
  return Keys(Read(stream, shard, Horizon(stream, shard, now), now));
}

template <class T>
std::optional<Fault::Kind> FaultOf(const Outcome<T>& outcome) {
  return outcome.ok() ? std::nullopt : std::optional(outcome.error().kind);
}

TEST_CASE_METHOD(Fixture, "Shards divide the hash range without gap or overlap",
                 "[stream][shard]") {
  const int count = GENERATE(1, 2, 3, 4, 7, 256);
  CAPTURE(count);
  std::vector<Shard> shards = Open(count)->Shards();
  REQUIRE(shards.size() == static_cast<std::size_t>(count));
  CHECK(std::is_sorted(shards.begin(), shards.end(), [](const Shard& a, const Shard& b) {
    return a.id.ToString() < b.id.ToString();
  }));
  std::set<std::string> ids;
  std::set<std::uint64_t> bounds;
  for (const Shard& shard : shards) {
    ids.insert(shard.id.ToString());
    bounds.insert(shard.starting_number);
    CHECK(shard.id.created_ms == 1'700'000'000'000);
    CHECK(shard.open());
    CHECK_FALSE(shard.parent.has_value());
  }
  CHECK(ids.size() == shards.size());
  CHECK(bounds.size() == shards.size());
  std::sort(shards.begin(), shards.end(),
            [](const Shard& a, const Shard& b) { return a.hash_first < b.hash_first; });
  CHECK(shards.front().hash_first == 0);
  CHECK(shards.back().hash_last == UINT64_MAX);
  for (std::size_t i = 1; i < shards.size(); ++i) {
    CHECK(shards[i].hash_first == shards[i - 1].hash_last + 1);
  }
}

TEST_CASE_METHOD(Fixture, "Every record is in one shard, and those of a key are in order",
                 "[stream][shard]") {
  constexpr std::uint32_t kSeed = 8;
  std::mt19937_64 random(kSeed);
  const auto stream = Open(4);
  std::vector<std::uint64_t> hashes(50);
  std::generate(hashes.begin(), hashes.end(), [&] { return random(); });
  std::map<std::uint64_t, std::vector<std::uint64_t>> written;  // sequences by hash
  for (std::uint64_t sequence = 1; sequence <= 800; ++sequence) {
    const std::uint64_t hash = hashes[random() % hashes.size()];
    Append("x", hash);
    written[hash].push_back(sequence);
  }
  std::map<std::uint64_t, std::vector<std::uint64_t>> read;
  std::set<std::uint64_t> shards_of_all;
  for (const Shard& shard : stream->Shards()) {
    for (const Change& change : Read(*stream, shard, shard.begin, now).changes) {
      CHECK(shard.Covers(change.key_hash));
      read[change.key_hash].push_back(change.sequence);
      shards_of_all.insert(shard.hash_first);
    }
  }
  CHECK(read == written);
  CHECK(shards_of_all.size() == 4);
}

TEST_CASE_METHOD(Fixture, "A stream starts with the first change after it", "[stream]") {
  const storage::LogHold other = log->Follow();
  Append("before");
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  CHECK(All(*stream, shard, now).empty());
  Append("after");
  CHECK(All(*stream, shard, now) == Texts{"after"});
}

TEST_CASE_METHOD(Fixture, "A page ends at the limit and the next goes on behind it", "[stream]") {
  const auto stream = Open(2);
  const Shard shard = stream->Shards()[0];
  for (int i = 0; i < 10; ++i) {
    Append(std::to_string(i), i % 2 == 0 ? shard.hash_first : shard.hash_first ^ (1ULL << 63U));
  }
  const ShardPage first = Read(*stream, shard, shard.begin, now, 2);
  CHECK(Keys(first) == Texts{"0", "2"});
  const ShardPage second = Read(*stream, shard, *first.next, now, 2);
  CHECK(Keys(second) == Texts{"4", "6"});
  const ShardPage third = Read(*stream, shard, *second.next, now, 2);
  CHECK(Keys(third) == Texts{"8"});
  const ShardPage fourth = Read(*stream, shard, *third.next, now, 2);
  CHECK(fourth.changes.empty());
  REQUIRE(fourth.next.has_value());  // the shard is open
  Append("late", shard.hash_first);
  CHECK(Keys(Read(*stream, shard, *fourth.next, now, 2)) == Texts{"late"});
}

TEST_CASE_METHOD(Fixture, "A page holds at most 1 MB, but always one record", "[stream]") {
  const auto stream = Open(1, StreamViewType::kNewImage);
  const Shard shard = Only(*stream);
  // A record counts its keys (2 + 1) and its image (2 + 1 + 1 and the rest), so three of these fill
  // 1 MB.
  constexpr std::size_t kThird = limits::kGetRecordsSize / 3 - 7;
  for (const char* key : {"a", "b", "c"}) {
    Append(key, 0, kThird);
  }
  REQUIRE(3 * stream->RecordSize(Read(*stream, shard, 1, now).changes[0]) == 1'048'575);
  CHECK(Keys(Read(*stream, shard, 1, now)) == Texts{"a", "b", "c"});
  Append("d", 0, 0);  // 7 bytes are too many now
  const ShardPage page = Read(*stream, shard, 1, now);
  CHECK(Keys(page) == Texts{"a", "b", "c"});
  CHECK(Keys(Read(*stream, shard, *page.next, now)) == Texts{"d"});
  Append("e", 0, 2 * limits::kGetRecordsSize);
  CHECK(Keys(Read(*stream, shard, 4, now)) == Texts{"d"});
  CHECK(Keys(Read(*stream, shard, 5, now)) == Texts{"e"});
}

TEST_CASE_METHOD(Fixture, "Images that the view hides do not fill a page", "[stream]") {
  const auto stream = Open(1, StreamViewType::kKeysOnly);
  for (int i = 0; i < 20; ++i) {
    Append(std::to_string(i), 0, 100'000);
  }
  CHECK(Read(*stream, Only(*stream), 1, now).changes.size() == 20);
}

TEST_CASE_METHOD(Fixture, "A shard without records in a long log is read in steps", "[stream]") {
  const auto stream = Open(2);
  std::vector<Shard> shards = stream->Shards();
  const Shard quiet = shards[0].hash_first != 0 ? shards[0] : shards[1];
  Change change;
  change.after = StringItem({{"pk", "busy"}});
  change.time = now;
  for (std::size_t i = 0; i < limits::kChangesScannedPerRead + 10; ++i) {
    log->Append(change);
  }
  Append("found", quiet.hash_first);
  const ShardPage first = Read(*stream, quiet, 1, now);
  CHECK(first.changes.empty());
  CHECK(first.next == limits::kChangesScannedPerRead + 1);
  CHECK(Keys(Read(*stream, quiet, *first.next, now)) == Texts{"found"});
}

TEST_CASE_METHOD(Fixture, "LATEST starts behind what is there", "[stream][iterator]") {
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  Append("old");
  const std::uint64_t latest = PositionOf(*stream, shard, {IteratorType::kLatest, "", {}}, now);
  CHECK(Read(*stream, shard, latest, now).changes.empty());
  Append("new");
  CHECK(Keys(Read(*stream, shard, latest, now)) == Texts{"new"});
}

TEST_CASE_METHOD(Fixture, "AT starts with a record, AFTER behind it", "[stream][iterator]") {
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  for (const char* key : {"a", "b", "c"}) {
    Append(key);
  }
  const auto from = [&](IteratorType type, const std::string& number) {
    return Keys(Read(*stream, shard, PositionOf(*stream, shard, {type, number, {}}, now), now));
  };
  using enum IteratorType;
  CHECK(from(kAtSequence, stream->SequenceNumberOf(1)) == Texts{"a", "b", "c"});
  CHECK(from(kAtSequence, stream->SequenceNumberOf(3)) == Texts{"c"});
  CHECK(from(kAfterSequence, stream->SequenceNumberOf(1)) == Texts{"b", "c"});
  CHECK(from(kAfterSequence, stream->SequenceNumberOf(3)).empty());
  // The number that DescribeStream gives as the start of a shard.
  const std::string start = FormatSequenceNumber(kStart, shard.starting_number);
  CHECK(from(kAtSequence, start) == Texts{"a", "b", "c"});
  CHECK(from(kAfterSequence, start) == Texts{"a", "b", "c"});
}

TEST_CASE_METHOD(Fixture, "Sequence numbers outside the shard are refused", "[stream][iterator]") {
  Append("before");
  const storage::LogHold other = log->Follow();
  Append("before");
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  Append("a");
  const std::string last = stream->SequenceNumberOf(2);
  const Texts bad = {"",
                     "1",
                     "x",
                     stream->SequenceNumberOf(1),
                     stream->SequenceNumberOf(3),
                     FormatSequenceNumber(kStart + std::chrono::seconds(1), NumberOf(2))};
  for (const IteratorType type : {IteratorType::kAtSequence, IteratorType::kAfterSequence}) {
    CHECK(stream->PositionOf(shard.id, {type, last, {}}, now).ok());
    for (const std::string& number : bad) {
      CAPTURE(number);
      CHECK(FaultOf(stream->PositionOf(shard.id, {type, number, {}}, now)) ==
            Fault::Kind::kSequenceNumberInvalid);
    }
  }
}

TEST_CASE_METHOD(Fixture, "AT_TIMESTAMP starts with the first record at or after a time",
                 "[stream][iterator]") {
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  Append("a");
  now += Micros(10);
  Append("b");
  const auto from = [&](Micros time) {
    const IteratorStart start{IteratorType::kAtTimestamp, "", time};
    return Keys(Read(*stream, shard, PositionOf(*stream, shard, start, now), now));
  };
  CHECK(from(Micros(0)) == Texts{"a", "b"});
  CHECK(from(kStart) == Texts{"a", "b"});
  CHECK(from(kStart + Micros(1)) == Texts{"b"});
  CHECK(from(now) == Texts{"b"});
  const IteratorStart future{IteratorType::kAtTimestamp, "", now + Micros(1)};
  CHECK(FaultOf(stream->PositionOf(shard.id, future, now)) == Fault::Kind::kTimestampInFuture);
}

TEST_CASE_METHOD(Fixture, "A record is readable for 24 hours to the microsecond",
                 "[stream][trim]") {
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  Append("first");
  now += Micros(1);
  Append("second");
  const std::string number = stream->SequenceNumberOf(1);
  const auto fault = [&](Micros time) {
    return FaultOf(stream->PositionOf(shard.id, {IteratorType::kAtSequence, number, {}}, time));
  };
  const bool trims = GENERATE(false, true);  // the answers don't depend on when memory is freed
  for (const Micros before : {kStart, kStart + kDay - Micros(1)}) {
    if (trims) {
      stream->Work(before);
    }
    CHECK(All(*stream, shard, before) == Texts{"first", "second"});
    CHECK(fault(before) == std::nullopt);
    CHECK(FaultOf(stream->Read(shard.id, 1, 10, before)) == std::nullopt);
  }
  const Micros after = kStart + kDay;
  if (trims) {
    stream->Work(after);
    CHECK(log->first_sequence() == 2);
  }
  CHECK(All(*stream, shard, after) == Texts{"second"});
  CHECK(fault(after) == Fault::Kind::kTrimmed);
  CHECK(FaultOf(stream->Read(shard.id, 1, 10, after)) == Fault::Kind::kTrimmed);
  // After the trimmed record there is one that is not trimmed.
  CHECK(PositionOf(*stream, shard, {IteratorType::kAfterSequence, number, {}}, after) == 2);
  if (trims) {
    stream->Work(after + Micros(1));
    CHECK(log->first_sequence() == 3);
  }
  CHECK(All(*stream, shard, after + Micros(1)).empty());
}

TEST_CASE_METHOD(Fixture, "An open shard whose records are all trimmed goes on", "[stream][trim]") {
  const auto stream = Open(1);
  const Shard shard = Only(*stream);
  Append("old");
  now += kDay;
  stream->Work(now);
  const ShardPage page = Read(*stream, shard, Horizon(*stream, shard, now), now);
  CHECK(page.changes.empty());
  REQUIRE(page.next.has_value());
  Append("new");
  CHECK(Keys(Read(*stream, shard, *page.next, now)) == Texts{"new"});
}

TEST_CASE_METHOD(Fixture, "Trimming in one shard does not disturb a reader of another",
                 "[stream][trim]") {
  const auto stream = Open(2);
  const Shard quiet = stream->Shards()[0];
  Append("other", quiet.hash_first ^ (1ULL << 63U));
  now += std::chrono::minutes(10);
  Append("mine", quiet.hash_first);
  // The reader starts just before the other shard's record is 24 hours old, and reads just after.
  const std::uint64_t position = Horizon(*stream, quiet, kStart + kDay - Micros(1));
  CHECK(Keys(Read(*stream, quiet, position, kStart + kDay)) == Texts{"mine"});
  stream->Work(kStart + kDay);
  CHECK(Keys(Read(*stream, quiet, position, kStart + kDay)) == Texts{"mine"});
}

TEST_CASE_METHOD(Fixture, "Trimming in one shard does not take away the numbers of another",
                 "[stream][trim][iterator]") {
  using enum IteratorType;
  const auto stream = Open(2);
  const Shard shard = stream->Shards()[0];
  const std::uint64_t other_hash = shard.hash_first ^ (1ULL << 63U);
  Append("mine", shard.hash_first);
  Append("other", other_hash);
  Append("other", other_hash);
  const Micros after = kStart + kDay;
  const bool trims = GENERATE(false, true);
  if (trims) {
    stream->Work(after);
    CHECK(log->first_sequence() == 4);
  }
  const auto fault = [&](const Shard& of, IteratorType type, const std::string& number) {
    return FaultOf(stream->PositionOf(of.id, {type, number, {}}, after));
  };
  const Shard other = stream->Shards()[1];
  const std::string mine = stream->SequenceNumberOf(1);
  CHECK(fault(shard, kAtSequence, mine) == Fault::Kind::kTrimmed);
  CHECK(fault(shard, kAfterSequence, mine) ==
        std::nullopt);  // no later record of the shard is trimmed
  CHECK(fault(shard, kAtSequence, stream->SequenceNumberOf(3)) ==
        Fault::Kind::kSequenceNumberInvalid);
  CHECK(fault(other, kAfterSequence, stream->SequenceNumberOf(2)) == Fault::Kind::kTrimmed);
  CHECK(fault(other, kAfterSequence, stream->SequenceNumberOf(3)) == std::nullopt);
  // A shard that never had a record has lost none.
  const auto idle = Open(2);
  const Shard quiet = idle->Shards()[0];
  Append("other", quiet.hash_first ^ (1ULL << 63U));
  now = after;
  const std::string start = FormatSequenceNumber(kStart, quiet.starting_number);
  if (trims) {
    idle->Work(now);
  }
  CHECK(FaultOf(idle->PositionOf(quiet.id, {kAtSequence, start, {}}, now)) == std::nullopt);
}

TEST_CASE_METHOD(Fixture, "Disabling closes all shards, which drain and end", "[stream]") {
  const auto stream = Open(4);
  Append("a", 0);
  CHECK(stream->enabled());
  stream->Disable(now);
  CHECK_FALSE(stream->enabled());
  Append("too late", 0);
  Texts keys;
  for (const Shard& shard : stream->Shards()) {
    REQUIRE_FALSE(shard.open());
    CHECK(shard.ending_number >= shard.starting_number);
    const ShardPage page = Read(*stream, shard, shard.begin, now);
    CHECK_FALSE(page.next.has_value());  // missing even on the page with the last records
    for (const std::string& key : Keys(page)) {
      keys.push_back(key);
    }
    const std::uint64_t latest = PositionOf(*stream, shard, {IteratorType::kLatest, "", {}}, now);
    const ShardPage at_end = Read(*stream, shard, latest, now);
    CHECK(at_end.changes.empty());
    CHECK_FALSE(at_end.next.has_value());
    // The number that DescribeStream gives as the end of the shard.
    const std::string ending = FormatSequenceNumber(kStart, shard.ending_number);
    const std::uint64_t end =
        PositionOf(*stream, shard, {IteratorType::kAfterSequence, ending, {}}, now);
    CHECK_FALSE(Read(*stream, shard, end, now).next.has_value());
  }
  CHECK(keys == Texts{"a"});
}

TEST_CASE_METHOD(Fixture, "A closed shard with more records than a page gives an iterator on",
                 "[stream]") {
  const auto stream = Open(1);
  for (const char* key : {"a", "b", "c"}) {
    Append(key);
  }
  stream->Disable(now);
  const Shard shard = Only(*stream);
  const ShardPage first = Read(*stream, shard, shard.begin, now, 2);
  CHECK(Keys(first) == Texts{"a", "b"});
  REQUIRE(first.next.has_value());
  const ShardPage second = Read(*stream, shard, *first.next, now, 2);
  CHECK(Keys(second) == Texts{"c"});
  CHECK_FALSE(second.next.has_value());
}

TEST_CASE_METHOD(Fixture, "An iterator taken while the shard was open reads it to its end",
                 "[stream]") {
  const auto stream = Open(1);
  Append("a");
  const ShardPage page = Read(*stream, Only(*stream), 1, now);
  stream->Disable(now);
  const ShardPage last = Read(*stream, Only(*stream), *page.next, now);
  CHECK(last.changes.empty());
  CHECK_FALSE(last.next.has_value());
}

TEST_CASE_METHOD(Fixture, "A shard refuses the sequence numbers of another", "[stream]") {
  const auto stream = Open(2);
  Append("low", 0);
  Append("high", UINT64_MAX);
  for (const Shard& shard : stream->Shards()) {
    for (const IteratorType type : {IteratorType::kAtSequence, IteratorType::kAfterSequence}) {
      const auto fault = [&](std::uint64_t number) {
        const std::string text = FormatSequenceNumber(kStart, number);
        return FaultOf(stream->PositionOf(shard.id, {type, text, {}}, now));
      };
      CHECK(fault(NumberOf(1)) ==
            (shard.Covers(0) ? std::nullopt : std::optional(Fault::Kind::kSequenceNumberInvalid)));
      CHECK(fault(NumberOf(2)) == (shard.Covers(UINT64_MAX)
                                       ? std::nullopt
                                       : std::optional(Fault::Kind::kSequenceNumberInvalid)));
      CHECK(fault(shard.starting_number) == std::nullopt);
      CHECK(fault(NumberOf(1) + 1) == Fault::Kind::kSequenceNumberInvalid);
    }
  }
}

TEST_CASE_METHOD(Fixture, "Bounds and records have sequence numbers of their own", "[stream]") {
  const auto stream = Open(4);
  Append("a");
  Append("b");
  stream->Disable(now);
  std::set<std::string> numbers = {stream->SequenceNumberOf(1), stream->SequenceNumberOf(2)};
  for (const Shard& shard : stream->Shards()) {
    const std::string start = FormatSequenceNumber(kStart, shard.starting_number);
    const std::string end = FormatSequenceNumber(kStart, shard.ending_number);
    CHECK(start < stream->SequenceNumberOf(1));
    CHECK(end > stream->SequenceNumberOf(2));
    numbers.insert({start, end});
  }
  CHECK(numbers.size() == 2 + 8);
}

TEST_CASE_METHOD(Fixture, "A second stream on the log has nothing of the first", "[stream]") {
  const auto first = Open(1);
  Append("a");
  first->Disable(now);
  Append("unseen");
  now += std::chrono::seconds(1);
  const auto second = Open(1);
  Append("b");
  CHECK(All(*first, Only(*first), now) == Texts{"a"});
  CHECK(All(*second, Only(*second), now) == Texts{"b"});
  // A number of one stream is invalid for another.
  const IteratorStart start{IteratorType::kAtSequence, "", {}};
  IteratorStart foreign = start;
  const std::string number = first->SequenceNumberOf(1);
  foreign.sequence_number = number;
  CHECK(FaultOf(second->PositionOf(Only(*second).id, foreign, now)) ==
        Fault::Kind::kSequenceNumberInvalid);
}

TEST_CASE_METHOD(Fixture, "A disabled stream is expired after 24 hours", "[stream][trim]") {
  const auto stream = Open(1);
  CHECK_FALSE(stream->Expired(kStart + 2 * kDay));
  now += std::chrono::hours(1);
  stream->Disable(now);
  stream->Disable(now + kDay);  // a second time changes nothing
  CHECK_FALSE(stream->Expired(now + kDay - Micros(1)));
  CHECK(stream->Expired(now + kDay));
}

TEST_CASE_METHOD(Fixture, "A stream that goes lets go of its records", "[stream]") {
  {
    const auto stream = Open(1);
    Append("a");
    stream->Disable(now);
    CHECK(log->first_sequence() == 1);
  }
  CHECK(log->first_sequence() == 2);
}

TEST_CASE_METHOD(Fixture, "Event ids are 32 hex digits, one for each record", "[stream]") {
  const auto stream = Open(1);
  std::set<std::string> ids;
  for (std::uint64_t position = 1; position <= 100; ++position) {
    const std::string id = stream->EventIdOf(position);
    CHECK(id.size() == 32);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(id == stream->EventIdOf(position));
    ids.insert(id);
  }
  CHECK(ids.size() == 100);
}

// The size of a change's record. The tests expect sizes from AWS's documentation and recordings.
std::size_t SizeOf(StreamViewType view, const KeySchema& schema, const Item& before,
                   const Item& after) {
  StreamInfo info;
  info.key_schema = schema;
  info.view_type = view;
  const Stream stream(info, std::make_shared<ChangeLog>(), 1);
  Change change;
  change.before = before;
  change.after = after;
  return stream.RecordSize(change);
}

Item Message(std::string_view text) {
  ValueWriter writer;
  writer.BeginItem();
  writer.Name("Id");
  writer.Number(Num("101"));
  writer.Name("Message");
  writer.String(text);
  return writer.FinishItem();
}

TEST_CASE("Record sizes are the keys and the images that the view shows", "[stream]") {
  using enum StreamViewType;
  const KeySchema user{{"Username", ValueType::kString}, std::nullopt};
  const Item fred = StringItem({{"Username", "Fred"}, {"Age", "42"}});
  CHECK(SizeOf(kKeysOnly, user, {}, fred) == 12);
  CHECK(SizeOf(kKeysOnly, user, fred, {}) == 12);
  const KeySchema other{{"my_partition_key", ValueType::kString}, std::nullopt};
  const Item binary = StringItem({{"my_partition_key", "hello world"}, {"binary_key", "123456"}});
  CHECK(SizeOf(kNewImage, other, {}, binary) == 70);
  CHECK(SizeOf(kNewImage, other, binary, {}) == 27);
  CHECK(SizeOf(kOldImage, other, {}, binary) == 27);
  CHECK(SizeOf(kOldImage, other, binary, {}) == 70);
  const KeySchema id{{"Id", ValueType::kNumber}, std::nullopt};
  const Item first = Message("New item!");
  const Item second = Message("This item has changed");
  CHECK(SizeOf(kNewAndOldImages, id, {}, first) == 26);
  CHECK(SizeOf(kNewAndOldImages, id, first, second) == 59);
  CHECK(SizeOf(kNewAndOldImages, id, second, {}) == 38);
}

TEST_CASE_METHOD(Fixture, "Views show the images that they name", "[stream]") {
  using enum StreamViewType;
  CHECK((ShowsNewImage(kNewImage) && ShowsNewImage(kNewAndOldImages)));
  CHECK_FALSE((ShowsNewImage(kKeysOnly) || ShowsNewImage(kOldImage)));
  CHECK((ShowsOldImage(kOldImage) && ShowsOldImage(kNewAndOldImages)));
  CHECK_FALSE((ShowsOldImage(kKeysOnly) || ShowsOldImage(kNewImage)));
}

}  // namespace
}  // namespace weir::stream
