// SPDX-License-Identifier: Apache-2.0
// Compares a table's streams with a naive model after random steps: writes, hours that pass, shards
// that split, rotate and close, streams that end and begin, and iterators of all kinds and ages.
// Time moves only by such a step.
//
// WEIR_MODEL_SEED repeats a run, and WEIR_MODEL_STREAM_STEPS makes it longer.
#include "tests/model/stream_model.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <utility>

#include "tests/dynamodb/database_fixture.h"
#include "tests/unit/support/packed.h"

namespace weir::model {
namespace {

using dynamodb::ShardAction;
using dynamodb::ShardChange;
using testing::DatabaseFixture;

constexpr std::uint64_t kSteps = 5000;
constexpr std::size_t kKeys = 12;
constexpr std::size_t kIterators = 64;
constexpr std::size_t kMostShards = 12;
constexpr Micros kIteratorLife = std::chrono::minutes(15);
constexpr const char* kTable = "table";

std::uint64_t FromEnvironment(const char* name, const std::function<std::uint64_t()>& otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise() : std::strtoull(given, nullptr, 10);
}

// The type of an error; empty for a success.
std::string ErrorOf(const Json& answer) {
  const std::string type = answer.value("__type", "");
  return type.substr(type.find('#') + 1);
}

std::string KeyName(std::size_t number) {
  return "key " + std::to_string(number);
}

// Seconds with three decimals, as the SDKs spell a time.
std::string SecondsText(Micros time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time).count();
  const std::string fraction = std::to_string(1000 + milliseconds % 1000);
  return std::to_string(milliseconds / 1000) + "." + fraction.substr(1);
}

struct HeldIterator {
  std::string text;
  std::string arn;
  std::string shard_id;
  std::size_t place = 0;
  Micros issued{0};
};

class StreamRun {
 public:
  explicit StreamRun(std::uint64_t seed) : random_(seed) { fixture_.CreateTable(kTable); }

  void Run(std::uint64_t steps) {
    using Step = std::pair<unsigned, void (StreamRun::*)()>;
    const std::vector<Step> kinds = {
        {900, &StreamRun::Write},       {180, &StreamRun::Advance},
        {420, &StreamRun::UseIterator}, {280, &StreamRun::Iterate},
        {110, &StreamRun::Change},      {20, &StreamRun::SetShards},
        {20, &StreamRun::Work},         {20, &StreamRun::CheckDescriptions},
        {5, &StreamRun::CheckAll},      {3, &StreamRun::Disable},
        {60, &StreamRun::Enable}};
    unsigned total = 0;
    for (const auto& [weight, step] : kinds) {
      total += weight;
    }
    Enable();
    for (std::uint64_t i = 0; i < steps; ++i) {
      INFO("step " << i);
      std::size_t chance = Below(total);
      auto kind = kinds.begin();
      for (; chance >= kind->first; ++kind) {
        chance -= kind->first;
      }
      (this->*kind->second)();
    }
    CheckDescriptions();
    CheckAll();
  }

 private:
  std::size_t Below(std::size_t count) { return random_() % count; }
  bool OneIn(std::size_t count) { return Below(count) == 0; }
  Micros Now() { return fixture_.database().clock().Now(); }
  Json Call(std::string_view operation, const std::string& body) {
    return Json::parse(fixture_.Send(DatabaseFixture::Signed(operation, body)).body);
  }
  StreamModel* Current() {
    const auto found = streams_.find(current_);
    return found == streams_.end() || !found->second.enabled() ? nullptr : &found->second;
  }
  StreamModel* AnyStream();

  // Shows the model the shards as they are now.
  void Sync(bool by_time = true);

  // Steps.
  void Write();
  void Advance();
  void UseIterator();
  void Iterate();
  void Change();
  void SetShards();
  void Work();
  void Disable();
  void Enable();
  void CheckDescriptions();
  void CheckAll();

  void WriteOne(const std::string& key, Json after);
  std::string AnyNumber(const StreamModel& stream, const StreamShard& shard);
  Json ReadAll(const StreamModel& stream, const std::string& shard_id);

  DatabaseFixture fixture_;
  std::mt19937_64 random_;
  std::map<std::string, Json> items_;           // the table, by key
  std::map<std::string, StreamModel> streams_;  // those that can be read, by ARN
  std::string current_;                         // the newest one's ARN
  std::vector<HeldIterator> iterators_;
};

StreamModel* StreamRun::AnyStream() {
  if (streams_.empty()) {
    return nullptr;
  }
  auto found = streams_.begin();
  std::advance(found, Below(streams_.size()));
  StreamModel* current = Current();
  return current != nullptr && !OneIn(4) ? current : &found->second;
}

void StreamRun::Sync(bool by_time) {
  for (auto entry = streams_.begin(); entry != streams_.end();) {
    CAPTURE(entry->first);
    const auto listing =
        dynamodb::ListShards(fixture_.database(), {.stream_or_table = entry->first});
    if (entry->second.Expired(Now())) {
      CHECK(!listing.ok());
      entry = streams_.erase(entry);
      continue;
    }
    REQUIRE(listing.ok());
    CHECK_FALSE(listing.value().records_dropped);
    entry->second.Take(listing.value().shards, Now(), by_time);
    ++entry;
  }
}

// Makes `after` the item with the key by one of several operations; null deletes it. Notes the
// write unless it changed nothing.
void StreamRun::WriteOne(const std::string& key, Json after) {
  const Json before = items_.contains(key) ? items_[key] : Json();
  if (after.is_null()) {
    Call("DeleteItem", Json{{"TableName", kTable}, {"Key", {{"pk", {{"S", key}}}}}}.dump());
  } else if (OneIn(2) && !after.contains("pad") && (before.is_null() || !before.contains("pad"))) {
    const Json answer = Call("UpdateItem", Json{{"TableName", kTable},
                                                {"Key", {{"pk", {{"S", key}}}}},
                                                {"UpdateExpression", "SET v = :v"},
                                                {"ExpressionAttributeValues", {{":v", after["v"]}}}}
                                               .dump());
    REQUIRE(ErrorOf(answer).empty());
  } else {
    Json put = {{"TableName", kTable}, {"Item", after}};
    const Json answer = OneIn(3)
                            ? Call("TransactWriteItems",
                                   Json{{"TransactItems", Json::array({{{"Put", put}}})}}.dump())
                            : Call("PutItem", put.dump());
    REQUIRE(ErrorOf(answer).empty());
  }
  if (before == after) {
    return;
  }
  if (StreamModel* stream = Current()) {
    stream->Write({key, testing::StringKey(key).hash(), before, after, Now(), ""});
  }
  items_[key] = std::move(after);
}

void StreamRun::Write() {
  for (std::size_t left = OneIn(10) ? 30 : 1 + Below(3); left > 0; --left) {
    const std::string key = KeyName(Below(kKeys));
    Json after;
    if (!OneIn(4)) {
      after = {{"pk", {{"S", key}}}, {"v", {{"N", std::to_string(Below(4))}}}};
      if (OneIn(400)) {
        after["pad"] = {{"S", std::string(100'000 + Below(250'000), 'x')}};
      }
    }
    WriteOne(key, std::move(after));
  }
  if (OneIn(2)) {
    Sync();
  }
}

void StreamRun::Advance() {
  const std::size_t kind = Below(20);
  const std::size_t microseconds = kind < 9    ? Below(3'000'000)
                                   : kind < 16 ? Below(1'800'000'000)
                                   : kind < 19 ? Below(18'000'000'000)
                                               : Below(100'000'000'000);
  fixture_.Advance(Micros(static_cast<std::int64_t>(microseconds)));
  Sync();
}

void StreamRun::Work() {
  fixture_.database().streams().Work();
  Sync();
}

void StreamRun::Change() {
  Sync();
  StreamModel* stream = AnyStream();
  if (stream == nullptr || stream->shards().empty()) {
    return;
  }
  ShardChange change;
  change.action = OneIn(3)   ? ShardAction::kClose
                  : OneIn(2) ? ShardAction::kRotate
                             : ShardAction::kSplit;
  auto shard = stream->shards().begin();
  std::advance(shard, Below(stream->shards().size()));
  if (!OneIn(4)) {  // mostly an open one
    shard = std::find_if(shard, stream->shards().end(),
                         [](const auto& entry) { return entry.second.open(); });
  }
  const bool all = shard == stream->shards().end();
  const std::size_t grown = stream->open_count() * (all ? 2 : 1) + (all ? 0 : 1);
  if (change.action == ShardAction::kSplit && grown > kMostShards) {
    return;
  }
  change.shard_id = all ? "" : shard->first;
  CAPTURE(change.shard_id, change.action);
  const bool done = dynamodb::ChangeShards(fixture_.database(), stream->arn(), change).ok();
  CHECK(done == (stream->enabled() && (all || shard->second.open())));
  Sync(false);
}

void StreamRun::SetShards() {
  Sync();
  StreamModel* stream = AnyStream();
  if (stream == nullptr) {
    return;
  }
  ShardChange change;
  change.action = ShardAction::kSet;
  change.open_shards = static_cast<std::int64_t>(1 + Below(kMostShards));
  const auto wanted = static_cast<std::size_t>(change.open_shards);
  const std::size_t open = stream->open_count();
  const bool possible = stream->enabled() && open > 0 && open <= wanted;
  CHECK(dynamodb::ChangeShards(fixture_.database(), stream->arn(), change).ok() == possible);
  Sync(false);
  CHECK((!possible || stream->open_count() == wanted));
}

void StreamRun::Disable() {
  StreamModel* stream = Current();
  if (stream == nullptr) {
    return;
  }
  Sync();
  const Json answer =
      Call("UpdateTable",
           Json{{"TableName", kTable}, {"StreamSpecification", {{"StreamEnabled", false}}}}.dump());
  REQUIRE(ErrorOf(answer).empty());
  stream->Disable(Now());
  Sync(false);
}

void StreamRun::Enable() {
  if (Current() != nullptr) {
    return;
  }
  const std::vector<std::string> views = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                          "NEW_AND_OLD_IMAGES"};
  const std::string& view = views[Below(views.size())];
  const Json answer =
      Call("UpdateTable",
           Json{{"TableName", kTable},
                {"StreamSpecification", {{"StreamEnabled", true}, {"StreamViewType", view}}}}
               .dump());
  REQUIRE(ErrorOf(answer).empty());
  current_ = answer["TableDescription"]["LatestStreamArn"];
  REQUIRE(streams_.emplace(current_, StreamModel(current_, view, Now())).second);
  Sync();
}

// A sequence number that a client may use with this shard: a bound of it, or that of a record,
// which may be another shard's. Empty if the record has not been read.
std::string StreamRun::AnyNumber(const StreamModel& stream, const StreamShard& shard) {
  if (OneIn(8)) {
    return shard.details.starting_sequence_number;
  }
  if (OneIn(6)) {
    return shard.details.ending_sequence_number.value_or("1234567890000000000000000001");
  }
  const StreamShard* from = &shard;
  if (OneIn(4)) {
    auto other = stream.shards().begin();
    std::advance(other, Below(stream.shards().size()));
    from = &other->second;
  }
  if (from->records.empty()) {
    return from->details.starting_sequence_number;
  }
  return from->records[Below(from->records.size())].number;
}

// Takes an iterator of any type.
void StreamRun::Iterate() {
  if (OneIn(2)) {
    Sync();
  }
  StreamModel* stream = AnyStream();
  if (stream == nullptr || stream->shards().empty()) {
    return;
  }
  auto chosen = stream->shards().begin();
  std::advance(chosen, Below(stream->shards().size()));
  const std::string id = chosen->first;
  const std::vector<std::string> types = {"TRIM_HORIZON", "LATEST", "AT_TIMESTAMP",
                                          "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"};
  const std::string& type = types[Below(types.size())];
  Json request = {{"StreamArn", stream->arn()}, {"ShardId", id}, {"ShardIteratorType", type}};
  std::string number;
  if (type.ends_with("NUMBER")) {
    number = AnyNumber(*stream, chosen->second);
    if (number.empty()) {
      return;  // the record has not been read yet
    }
    request["SequenceNumber"] = number;
  }
  std::string body = request.dump();
  Micros time = Now() - std::chrono::hours(26) + std::chrono::seconds(Below(97'200));
  time = std::chrono::floor<std::chrono::milliseconds>(time);
  if (type == "AT_TIMESTAMP") {
    body.insert(body.size() - 1, ",\"Timestamp\":" + SecondsText(time));
  }
  const Json answer = Call("GetShardIterator", body);
  Sync();
  const StreamShard& shard = stream->shards().at(id);
  Expectation expected;
  if (type == "TRIM_HORIZON") {
    expected.place = shard.FirstKept(Now());
  } else if (type == "LATEST") {
    expected.place = shard.records.size();
  } else if (type == "AT_TIMESTAMP") {
    expected = stream->AtTime(shard, time, Now());
  } else {
    expected = stream->AtNumber(shard, number, type.starts_with("AFTER"), Now());
  }
  CAPTURE(body, answer.dump());
  if (!expected.errors.empty()) {
    CHECK(expected.errors.contains(ErrorOf(answer)));
    return;
  }
  REQUIRE(ErrorOf(answer).empty());
  HeldIterator held{answer["ShardIterator"], stream->arn(), id, expected.place, Now()};
  if (iterators_.size() < kIterators) {
    iterators_.push_back(std::move(held));
  } else {
    iterators_[Below(kIterators)] = std::move(held);
  }
}

// Reads with one of the iterators, which may be old. Mostly replaces it with the next one; else it
// may be used again.
void StreamRun::UseIterator() {
  if (iterators_.empty()) {
    return;
  }
  HeldIterator& held = iterators_[Below(iterators_.size())];
  const std::size_t limit = OneIn(2) ? 1000 : 1 + Below(5);
  const Json request = {{"ShardIterator", held.text}, {"Limit", limit}};
  const Json answer = Call("GetRecords", request.dump());
  Sync();
  CAPTURE(held.arn, held.shard_id, held.place, answer.dump().substr(0, 500));
  const std::string error = ErrorOf(answer);
  if (Now() - held.issued > kIteratorLife) {
    CHECK(error == "ExpiredIteratorException");
    return;
  }
  const auto stream = streams_.find(held.arn);
  if (stream == streams_.end() || !stream->second.shards().contains(held.shard_id)) {
    CHECK(error == "ResourceNotFoundException");
    return;
  }
  if (held.place < stream->second.shards().at(held.shard_id).FirstKept(Now())) {
    CHECK(error == "TrimmedDataAccessException");
    return;
  }
  REQUIRE(error.empty());
  const std::size_t next = stream->second.CheckPage(held.shard_id, held.place, limit, answer);
  if (answer.contains("NextShardIterator") && !OneIn(4)) {
    held = {answer["NextShardIterator"], held.arn, held.shard_id, next, Now()};
  }
}

// Checks ListStreams, and DescribeStream for every stream, in pages of any size.
void StreamRun::CheckDescriptions() {
  Sync();
  std::vector<std::string> expected;
  for (auto& [arn, stream] : streams_) {
    expected.push_back(arn);
    Json request = {{"StreamArn", arn}, {"Limit", 1 + Below(100)}};
    std::vector<Json> shards;
    while (true) {
      const Json answer = Call("DescribeStream", request.dump());
      REQUIRE(ErrorOf(answer).empty());
      const Json& description = answer["StreamDescription"];
      CHECK(description["StreamStatus"] == (stream.enabled() ? "ENABLED" : "DISABLED"));
      shards.insert(shards.end(), description["Shards"].begin(), description["Shards"].end());
      if (!description.contains("LastEvaluatedShardId")) {
        break;
      }
      CHECK(description["Shards"].size() == request["Limit"]);
      request["ExclusiveStartShardId"] = description["LastEvaluatedShardId"];
    }
    stream.CheckDescription(shards);
  }
  std::vector<std::string> listed;
  const Json answer = Call("ListStreams", R"({"Limit": 100})");
  for (const Json& entry : answer.at("Streams")) {
    listed.push_back(entry["StreamArn"]);
  }
  CHECK(listed == expected);
}

Json StreamRun::ReadAll(const StreamModel& stream, const std::string& shard_id) {
  Json records = Json::array();
  Json iterator = fixture_.Iterator(stream.arn(), shard_id);
  while (!iterator.is_null()) {
    const Json page = Call("GetRecords", Json{{"ShardIterator", iterator}}.dump());
    REQUIRE(ErrorOf(page).empty());
    records.insert(records.end(), page["Records"].begin(), page["Records"].end());
    iterator = page["Records"].empty() ? Json() : page.value("NextShardIterator", Json());
  }
  return records;
}

// Reads all streams like a consumer that starts now: in the order of the shards' ids, so parents
// before children.
void StreamRun::CheckAll() {
  Sync();
  for (auto& [arn, stream] : streams_) {
    CAPTURE(arn);
    std::vector<Json> records;
    for (const auto& [id, shard] : stream.shards()) {
      const Json read = ReadAll(stream, id);
      records.insert(records.end(), read.begin(), read.end());
    }
    stream.CheckAll(records, Now());
  }
}

}  // namespace

TEST_CASE("Random steps of streams answer as a naive model does", "[model][stream]") {
  const std::uint64_t seed =
      FromEnvironment("WEIR_MODEL_SEED", [] { return std::random_device()(); });
  std::cout << "WEIR_MODEL_SEED=" << seed << '\n' << std::flush;
  StreamRun run(seed);
  run.Run(FromEnvironment("WEIR_MODEL_STREAM_STEPS", [] { return kSteps; }));
}

}  // namespace weir::model
