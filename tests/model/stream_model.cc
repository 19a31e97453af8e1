// SPDX-License-Identifier: Apache-2.0
#include "tests/model/stream_model.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "core/limits.h"

namespace weir::model {
namespace {

using dynamodb::ShardDetails;
using dynamodb::ShardState;
using dynamodb::Timestamp;

// "Stream records whose age exceeds this limit are subject to removal". Weir removes them at
// exactly 24 hours, to the microsecond.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
constexpr Micros kRetention = std::chrono::hours(24);
// How often Weir splits, rotates and removes shards. So a shard may stay for that much longer.
constexpr Micros kWorkPeriod = std::chrono::seconds(1);
// docs/compatibility.md: shards rotate after four hours, give or take 20 minutes.
constexpr Micros kLeastAge = std::chrono::minutes(220);
constexpr Micros kMostAge = std::chrono::minutes(260);

bool IsGone(const StreamRecord& record, Micros now) {
  return record.time + kRetention <= now;
}

// Cheaper than CHECK; every step needs hundreds of these.
void Check(bool holds, const char* rule, const std::string& shard_id) {
  if (!holds) {
    FAIL_CHECK("shard " << shard_id << ": " << rule);
  }
}

StreamShard ShardOf(const ShardDetails& details) {
  StreamShard shard;
  shard.details = details;
  shard.first_hash = std::stoull(details.first_hash, nullptr, 16);
  shard.last_hash = std::stoull(details.last_hash, nullptr, 16);
  return shard;
}

}  // namespace

std::size_t StreamShard::FirstKept(Micros now) const {
  const auto kept = std::find_if(records.begin(), records.end(),
                                 [&](const StreamRecord& record) { return !IsGone(record, now); });
  return static_cast<std::size_t>(kept - records.begin());
}

bool StreamModel::Expired(Micros now) const {
  return disabled_at_.has_value() && *disabled_at_ + kRetention <= now;
}

std::size_t StreamModel::open_count() const {
  return static_cast<std::size_t>(std::count_if(
      shards_.begin(), shards_.end(), [](const auto& entry) { return entry.second.open(); }));
}

void StreamModel::Write(StreamRecord record) {
  history_[record.key].push_back(record);
  pending_.push_back(std::move(record));
}

void StreamModel::Take(const std::vector<ShardDetails>& listed, Micros now, bool by_time) {
  const bool first = shards_.empty();
  Shards before = std::exchange(shards_, {});
  Family family;
  std::string latest;
  for (const ShardDetails& details : listed) {
    Check(latest < details.shard_id, "shards are listed by their ids", details.shard_id);
    latest = details.shard_id;
    StreamShard& shard = shards_.emplace(latest, ShardOf(details)).first->second;
    if (details.parent_shard_id.has_value()) {
      family[*details.parent_shard_id].push_back(&shard);
    }
  }
  for (auto& [id, known] : before) {
    const auto found = shards_.find(id);
    CheckKept(known, found == shards_.end() ? nullptr : &found->second.details, now, family);
    if (found != shards_.end()) {
      found->second.records = std::move(known.records);
    }
  }
  for (const auto& [id, shard] : shards_) {
    const auto known = before.find(id);
    if (known == before.end()) {
      Check(first != shard.details.parent_shard_id.has_value(), "only the first have no parent",
            id);
      CheckNew(shard, before, now);
    }
    const bool closes = known == before.end() || known->second.open();
    if (closes && shard.details.state == ShardState::kClosed && enabled()) {
      CheckClosed(shard, family[id], by_time);
    }
  }
  CheckCover();
  seen_at_ = now;
  for (StreamRecord& record : std::exchange(pending_, {})) {
    Place(std::move(record), before, family);
  }
}

// Checks a shard that was listed before. Its details never change, except that it closes, and that
// a vacant one gets a child. It is removed after it has been closed for 24 hours; a vacant one also
// not before it has a child or its stream is disabled.
void StreamModel::CheckKept(const StreamShard& known, const ShardDetails* listed, Micros now,
                            const Family& family) const {
  const ShardDetails& details = known.details;
  const std::string& id = details.shard_id;
  const auto closing = listed == nullptr ? details.closing_date_time : listed->closing_date_time;
  if (listed == nullptr) {
    // A shard that was open when last seen has closed since then.
    const Micros closed = closing.value_or(Timestamp{seen_at_}).time;
    Check(closed + kRetention <= now, "it stays for 24 hours", id);
    return;
  }
  if (listed->state == ShardState::kClosed) {
    std::optional<Micros> refilled = disabled_at_;
    if (const auto children = family.find(id); children != family.end()) {
      for (const StreamShard* child : children->second) {
        refilled = std::max(child->details.creation_date_time.time, refilled.value_or(Micros(0)));
      }
    }
    Check(refilled.has_value() && closing.has_value(), "a closed one has a child", id);
    Check(now < std::max(closing.value_or(Timestamp{}).time + kRetention,
                         refilled.value_or(Micros(0))) +
                    kWorkPeriod,
          "it goes after 24 hours", id);
  }
  Check(listed->parent_shard_id == details.parent_shard_id, "the parent stays", id);
  Check(listed->first_hash == details.first_hash && listed->last_hash == details.last_hash,
        "the hashes stay", id);
  Check(listed->starting_sequence_number == details.starting_sequence_number, "the start stays",
        id);
  Check(listed->creation_date_time.time == details.creation_date_time.time, "the time stays", id);
  if (details.state != ShardState::kOpen) {
    Check(listed->state == details.state || listed->state == ShardState::kClosed,
          "what is closed stays so", id);
    Check(listed->ending_sequence_number == details.ending_sequence_number, "the end stays", id);
    Check(closing.has_value() && closing->time == details.closing_date_time->time,
          "the time of the end stays", id);
  }
}

// Checks a new shard: its id and sequence numbers are greater than its parent's, and its range is
// within its parent's.
void StreamModel::CheckNew(const StreamShard& shard, const Shards& before, Micros now) const {
  const ShardDetails& details = shard.details;
  Check(details.creation_date_time.time >= seen_at_, "it is not older", details.shard_id);
  if (!details.parent_shard_id.has_value()) {
    return;  // a new stream's, whose time may be ahead so that its label is unique
  }
  Check(details.creation_date_time.time <= now, "it is not newer", details.shard_id);
  auto parent = shards_.find(*details.parent_shard_id);
  if (parent == shards_.end()) {
    // The parent was removed in this step: a vacant one after its child had come, or one that also
    // came in this step.
    parent = before.find(*details.parent_shard_id);
    if (parent == before.end()) {
      Check(details.creation_date_time.time + kRetention <= now, "it has a parent",
            details.shard_id);
      return;
    }
  }
  Check(parent->first < details.shard_id, "ids grow", details.shard_id);
  Check(
      parent->second.details.ending_sequence_number.value_or("") < details.starting_sequence_number,
      "sequence numbers grow", details.shard_id);
  Check(parent->second.Covers(shard.first_hash) && parent->second.Covers(shard.last_hash),
        "its hashes are its parent's", details.shard_id);
}

// Checks a shard that has closed: its children cover its range, each hash once. One that closes
// with time has one child and the age for rotation, since nothing here writes enough for a split.
void StreamModel::CheckClosed(const StreamShard& shard, std::vector<const StreamShard*> children,
                              bool by_time) {
  const std::string& id = shard.details.shard_id;
  std::sort(children.begin(), children.end(), [](const StreamShard* a, const StreamShard* b) {
    return a->first_hash < b->first_hash;
  });
  std::uint64_t next = shard.first_hash;
  for (const StreamShard* child : children) {
    Check(child->first_hash == next, "its children have each hash once", id);
    next = child->last_hash + 1;
  }
  Check(next == shard.last_hash + 1, "its children have each hash", id);
  Check(children.size() == 1 || children.size() == 2, "it has one or two children", id);
  const Micros age = shard.details.closing_date_time.value_or(Timestamp{}).time -
                     shard.details.creation_date_time.time;
  if (by_time) {
    Check(children.size() == 1, "a rotated one has one child", id);
    Check(age >= kLeastAge && age <= kMostAge + kWorkPeriod, "a rotated one has the age", id);
  }
}

// Checks that the open and vacant shards of an enabled stream cover each hash once, and that a
// disabled stream has no such shards.
void StreamModel::CheckCover() const {
  std::map<std::uint64_t, const StreamShard*> by_hash;
  std::size_t count = 0;
  for (const auto& [id, shard] : shards_) {
    if (shard.open() || shard.vacant()) {
      by_hash[shard.first_hash] = &shard;
      ++count;
    }
  }
  CHECK(by_hash.size() == count);
  CHECK((count > 0) == enabled());
  std::uint64_t next = 0;
  for (const auto& [first, shard] : by_hash) {
    Check(first == next, "each hash has one shard", shard->details.shard_id);
    next = shard->last_hash + 1;
  }
  CHECK(next == 0);  // after the greatest hash it wraps to 0
}

// Places a record in the shard that was open before the step, since shards change only after its
// writes. If that shard was vacant, the record goes to its child: "Writes of one item always go to
// the open shard of its lineage".
void StreamModel::Place(StreamRecord record, const Shards& before, const Family& family) {
  const auto found = std::find_if(before.begin(), before.end(), [&](const auto& entry) {
    return (entry.second.open() || entry.second.vacant()) && entry.second.Covers(record.key_hash);
  });
  REQUIRE(found != before.end());
  std::string id = found->first;
  if (found->second.vacant()) {
    // If the step took more than a day, the child may be removed already, with all its records.
    const auto children = family.find(id);
    REQUIRE((children != family.end() || record.time + kRetention <= seen_at_));
    id = children == family.end() ? "" : children->second.front()->details.shard_id;
  }
  if (const auto shard = shards_.find(id); shard != shards_.end()) {
    shard->second.records.push_back(std::move(record));
  }
}

void StreamModel::CheckDescription(const std::vector<Json>& described) const {
  std::vector<Json> expected;
  for (const auto& [id, shard] : shards_) {
    Json view = {{"ShardId", id},
                 {"SequenceNumberRange",
                  {{"StartingSequenceNumber", shard.details.starting_sequence_number}}}};
    if (shard.details.ending_sequence_number.has_value()) {
      view["SequenceNumberRange"]["EndingSequenceNumber"] = *shard.details.ending_sequence_number;
    }
    if (shard.details.parent_shard_id.has_value()) {
      view["ParentShardId"] = *shard.details.parent_shard_id;
    }
    expected.push_back(view);
  }
  CHECK(described == expected);
}

Expectation StreamModel::AtTime(const StreamShard& shard, Micros time, Micros now) const {
  if (time > now) {
    return {{"ValidationException"}, 0};
  }
  std::size_t place = shard.FirstKept(now);
  while (place < shard.records.size() && shard.records[place].time < time) {
    ++place;
  }
  return {{}, place};
}

// Where an iterator at (or after) `number` stands: the number of a record of the shard, or one of
// the bounds of the shard. Such an iterator is "trimmed" if the record where it stands is removed.
Expectation StreamModel::AtNumber(const StreamShard& shard, const std::string& number, bool after,
                                  Micros now) const {
  std::size_t place = 0;
  bool known = number == shard.details.starting_sequence_number;
  if (number == shard.details.ending_sequence_number) {
    known = true;
    place = shard.records.size();
  }
  for (std::size_t i = 0; i < shard.records.size() && !known; ++i) {
    if (shard.records[i].number == number) {
      known = true;
      place = i + (after ? 1 : 0);
    }
  }
  if (known) {
    return place < shard.FirstKept(now) ? Expectation{{"TrimmedDataAccessException"}, 0}
                                        : Expectation{{}, place};
  }
  // A number of another shard. If its record is removed, Weir may not know any more which shard it
  // was in.
  Expectation expected{{"ValidationException"}, 0};
  for (const auto& [id, other] : shards_) {
    for (const StreamRecord& record : other.records) {
      if (record.number == number && IsGone(record, now)) {
        expected.errors.insert("TrimmedDataAccessException");
      }
    }
  }
  return expected;
}

bool StreamModel::Shows(const char* image) const {
  return view_type_ == "NEW_AND_OLD_IMAGES" || view_type_ == image;
}

std::size_t StreamModel::RecordSize(const StreamRecord& record) const {
  std::size_t size = ItemSize({{"pk", {{"S", record.key}}}});
  size += Shows("NEW_IMAGE") && !record.after.is_null() ? ItemSize(record.after) : 0;
  size += Shows("OLD_IMAGE") && !record.before.is_null() ? ItemSize(record.before) : 0;
  return size;
}

std::size_t StreamModel::CheckPage(const std::string& shard_id, std::size_t place,
                                   std::size_t limit, const Json& page) {
  StreamShard& shard = shards_.at(shard_id);
  const Json& records = page.at("Records");
  std::size_t size = 0;
  std::size_t next = place;
  for (; next < shard.records.size() && next - place < limit; ++next) {
    size += RecordSize(shard.records[next]);
    if (next > place && size > limits::kGetRecordsSize) {
      break;
    }
  }
  REQUIRE(records.size() == next - place);
  for (std::size_t i = 0; i < records.size(); ++i) {
    CheckRecord(shard, shard.records[place + i], records[i]);
  }
  const bool ended = !shard.open() && next == shard.records.size();
  CHECK(page.contains("NextShardIterator") == !ended);
  return next;
}

void StreamModel::CheckRecord(const StreamShard& shard, StreamRecord& expected,
                              const Json& record) const {
  CAPTURE(record.dump().substr(0, 500));
  const Json& data = record["dynamodb"];
  CHECK(record["eventName"] == (expected.before.is_null()  ? "INSERT"
                                : expected.after.is_null() ? "REMOVE"
                                                           : "MODIFY"));
  CHECK(data["Keys"] == Json({{"pk", {{"S", expected.key}}}}));
  CHECK(data.value("NewImage", Json()) == (Shows("NEW_IMAGE") ? expected.after : Json()));
  CHECK(data.value("OldImage", Json()) == (Shows("OLD_IMAGE") ? expected.before : Json()));
  CHECK(data["SizeBytes"] == RecordSize(expected));
  CHECK(data["StreamViewType"] == view_type_);
  CHECK(data["ApproximateCreationDateTime"] ==
        std::chrono::floor<std::chrono::seconds>(expected.time).count());
  CheckNumber(shard, expected, data["SequenceNumber"]);
}

void StreamModel::CheckNumber(const StreamShard& shard, StreamRecord& expected,
                              const std::string& number) {
  CHECK((expected.number.empty() || expected.number == number));
  expected.number = number;
  CHECK(shard.details.starting_sequence_number < number);
  CHECK((shard.open() || number < shard.details.ending_sequence_number));
  const auto here = &expected - shard.records.data();
  CHECK((here == 0 || shard.records[static_cast<std::size_t>(here) - 1].number < number));
}

void StreamModel::CheckAll(const std::vector<Json>& records, Micros now) const {
  std::map<std::string, std::vector<Json>> read;
  std::map<std::string, std::string> latest;
  for (const Json& record : records) {
    const Json& data = record["dynamodb"];
    const std::string key = data["Keys"]["pk"]["S"];
    const std::string number = data["SequenceNumber"];
    CHECK(latest[key] < number);
    latest[key] = number;
    read[key].push_back(
        {record["eventName"], data.value("NewImage", Json()), data.value("OldImage", Json())});
  }
  std::map<std::string, std::vector<Json>> expected;
  for (const auto& [key, history] : history_) {
    for (const StreamRecord& record : history) {
      if (!IsGone(record, now)) {
        const char* event = record.before.is_null()  ? "INSERT"
                            : record.after.is_null() ? "REMOVE"
                                                     : "MODIFY";
        expected[key].push_back({event, Shows("NEW_IMAGE") ? record.after : Json(),
                                 Shows("OLD_IMAGE") ? record.before : Json()});
      }
    }
  }
  CHECK((read == expected));
}

}  // namespace weir::model
