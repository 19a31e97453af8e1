// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/trigger.h"

#include <algorithm>
#include <new>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"

namespace weir::lambda {
namespace {

using consumers::TargetReply;

constexpr std::string_view kCheckpoint = "lambda.checkpoint";
constexpr std::string_view kFunctionFailed = "PROBLEM: Function call failed";
constexpr std::string_view kAttemptsExhausted = "RetryAttemptsExhausted";
constexpr std::string_view kAgeExceeded = "RecordAgeExceeded";
// How much of what a function answered is shown.
constexpr std::size_t kShownErrorBytes = 4096;
// How long until a record that could not be read from the data folder is tried again.
constexpr Micros kReadRetry = std::chrono::seconds(10);
// While the records collected for the batches of all shards take more than this, no window is
// waited for.
constexpr std::size_t kMostCollected = std::size_t{64} << 20U;

// A record may be sent until it is so old. The stream has none that is older than a day; what is
// still waiting a little before is given up, so that it is named, before it is trimmed.
Micros OldestAllowed(const DeliverySettings& settings) {
  constexpr Micros kLongest = limits::kStreamRetention - std::chrono::seconds(10);
  return settings.maximum_record_age.count() < 0
             ? kLongest
             : std::min<Micros>(settings.maximum_record_age, kLongest);
}

}  // namespace

Trigger::Trigger(const TriggerParts& parts, MappingPtr mapping)
    : parts_(parts),
      mapping_(std::move(mapping)),
      backoff_(parts.backoff),
      timer_(parts.pool.timeline(), [door = door_] { Knock(*door); }),
      lane_(parts.pool) {
  const MutexLock lock(door_->mutex);
  door_->trigger = this;
}

Trigger::~Trigger() {
  const MutexLock lock(door_->mutex);
  door_->trigger = nullptr;
}

void Trigger::Apply(MappingPtr mapping) {
  if (mapping->enabled) {
    // On this thread, before anybody is told, so that none of the next writes is missed.
    Begin(*mapping);
  }
  {
    const MutexLock lock(mutex_);
    mapping_ = std::move(mapping);
  }
  PostWork();
}

void Trigger::Begin(const Mapping& mapping) const {
  if (parts_.records.Get(kCheckpoint, mapping.uuid).has_value()) {
    return;
  }
  using Type = stream::ReaderStart::Type;
  const Type type = mapping.from_trim_horizon ? Type::kTrimHorizon : Type::kLatest;
  if (stream::StreamPtr stream = parts_.find_stream(mapping.stream_arn)) {
    const stream::Outcome<stream::Reader> reader = stream::Reader::Subscribe(
        std::move(stream), {.type = type}, parts_.pool.timeline().clock().Now());
    if (reader.ok()) {
      SaveCheckpoint(mapping, reader.value().Checkpoint());
    }
  }
}

void Trigger::SaveCheckpoint(const Mapping& mapping, std::string checkpoint) const {
  const MutexLock lock(mutex_);
  if (!forgotten_) {
    parts_.records.Put(kCheckpoint, mapping.uuid, std::move(checkpoint));
  }
}

void Trigger::Forget() {
  const MutexLock lock(mutex_);
  forgotten_ = true;
  parts_.records.Remove(kCheckpoint, mapping_->uuid);
}

TriggerStatus Trigger::status() const {
  const MutexLock lock(mutex_);
  return status_;
}

void Trigger::ForgetOthers(storage::KeptRecords& records,
                           const std::function<bool(std::string_view uuid)>& is_there) {
  for (const storage::KeptRecords::Record& record : records.All(kCheckpoint)) {
    if (!is_there(record.key)) {
      records.Remove(kCheckpoint, record.key);
    }
  }
}

void Trigger::Knock(Door& door) {
  const MutexLock lock(door.mutex);
  if (door.trigger != nullptr) {
    door.trigger->PostWork();
  }
}

void Trigger::PostWork() {
  if (!posted_.exchange(true)) {
    lane_.Post([this] { Work(); });
  }
}

MappingPtr Trigger::mapping() const {
  const MutexLock lock(mutex_);
  return mapping_;
}

void Trigger::Work() {
  posted_ = false;
  const MappingPtr mapping = this->mapping();
  if (!mapping->enabled || !Open(*mapping)) {
    wait_ = {};
    DropWaiting();
    ShowWaiting();
    return;
  }
  if (applied_ != mapping) {
    for (auto& [id, shard] : shards_) {
      shard.Recollect();
    }
    applied_ = mapping;
  }
  Pass pass{.now = parts_.pool.timeline().clock().Now(), .due = std::nullopt};
  pass.crowded = Collected() > kMostCollected;
  const std::uint64_t end = reader_->stream()->log_end();
  try {
    for (auto& [id, shard] : shards_) {
      Step(shard, *mapping, pass);
    }
  } catch (const std::bad_alloc&) {
    // The lane runs this again. What was collected in part is read anew.
    for (auto& [id, shard] : shards_) {
      shard.Recollect();
    }
    throw;
  }
  if (pass.ended) {
    SyncShards();  // the children of shards that have ended
    pass.more = true;
  }
  // Other shards' records pass by often; the checkpoint only has to know of those of the shard.
  if (pass.save) {
    SaveCheckpoint(*mapping, reader_->Checkpoint());
  }
  ShowWaiting();
  if (pass.due.has_value()) {
    timer_.Set(*pass.due);
  }
  if (pass.more) {
    PostWork();
  } else if (!reader_->finished()) {
    wait_ = reader_->stream()->WakeAfter(end, [door = door_] { Knock(*door); });
  }
}

bool Trigger::Open(const Mapping& mapping) {
  if (reader_.has_value()) {
    return true;
  }
  stream::StreamPtr stream = parts_.find_stream(mapping.stream_arn);
  if (stream == nullptr) {
    return false;
  }
  Begin(mapping);
  const std::optional<std::string> kept = parts_.records.Get(kCheckpoint, mapping.uuid);
  if (kept.has_value()) {
    stream::Outcome<stream::Reader> resumed = stream::Reader::Resume(stream, *kept);
    if (resumed.ok()) {
      reader_ = std::move(resumed).value();
      SyncShards();
      return true;
    }
    parts_.report("trigger " + mapping.uuid +
                  ": its checkpoint is not of this stream, so it begins with the oldest record");
  }
  stream::Outcome<stream::Reader> reader =
      stream::Reader::Subscribe(std::move(stream), {}, parts_.pool.timeline().clock().Now());
  if (!reader.ok()) {
    parts_.report("trigger " + mapping.uuid + ": cannot read its stream: " + reader.error().reason);
    timer_.Set(parts_.pool.timeline().clock().Now() + kReadRetry);
    return false;
  }
  reader_ = std::move(reader).value();
  SyncShards();
  return true;
}

void Trigger::DropWaiting() {
  std::erase_if(shards_, [](const auto& entry) { return !entry.second.under_way; });
  if (reader_.has_value()) {
    SyncShards();
  }
  applied_ = nullptr;
}

void Trigger::SyncShards() {
  std::map<stream::ShardId, ShardDelivery> shards;
  for (const stream::ReaderCursor& cursor : reader_->cursors()) {
    if (auto known = shards_.extract(cursor.shard)) {
      shards.insert(std::move(known));
    } else {
      shards.emplace(cursor.shard, ShardDelivery(cursor));
    }
  }
  shards_ = std::move(shards);
}

std::size_t Trigger::Collected() const {
  std::size_t bytes = 0;
  for (const auto& [id, shard] : shards_) {
    bytes += shard.bytes();
  }
  return bytes;
}

void Trigger::Step(ShardDelivery& shard, const Mapping& mapping, Pass& pass) {
  if (shard.under_way || !Prepare(shard, mapping, pass)) {
    return;
  }
  if (pass.now < shard.due) {
    pass.WakeAt(shard.due);
    return;
  }
  if (DropExpired(shard, mapping, pass)) {
    Send(shard, mapping, pass.now);
  } else {
    pass.more = true;
  }
}

bool Trigger::Prepare(ShardDelivery& shard, const Mapping& mapping, Pass& pass) {
  if (!shard.waiting.empty()) {
    return true;
  }
  const stream::Outcome<ShardDelivery::Found> found =
      shard.Collect(*reader_, mapping.delivery, parts_.format, pass.now);
  if (!found.ok()) {
    parts_.report("trigger " + mapping.uuid + ": a record of shard " +
                  shard.cursor().shard.ToString() + " cannot be read: " + found.error().reason);
    pass.WakeAt(pass.now + kReadRetry);
    return false;
  }
  if (found.value().lost) {
    parts_.report("trigger " + mapping.uuid + ": records of shard " +
                  shard.cursor().shard.ToString() + " were trimmed before they were read");
  }
  if (found.value().filtered != 0 || found.value().lost) {
    const MutexLock lock(mutex_);
    status_.filtered += found.value().filtered;
    status_.lost += found.value().lost ? 1 : 0;
  }
  if (shard.empty()) {
    pass.more = pass.more || found.value().more;
    if (const std::optional<stream::ReaderPage> passed = shard.PassedOver()) {
      pass.ended = !Advance(shard, *passed) || pass.ended;
      pass.save = pass.save || found.value().filtered != 0 || found.value().lost ||
                  !passed->next.has_value();
    }
    return false;
  }
  const Micros due = pass.crowded ? pass.now : shard.DueAt(mapping.delivery);
  if (due > pass.now) {
    pass.more = pass.more || found.value().more;
    pass.WakeAt(due);
    return false;
  }
  shard.waiting.push_back(shard.Take());
  shard.due = pass.now;
  shard.failures = 0;
  return true;
}

bool Trigger::DropExpired(ShardDelivery& shard, const Mapping& mapping, Pass& pass) {
  const Batch& batch = shard.waiting.front();
  const Micros oldest = pass.now - OldestAllowed(mapping.delivery);
  std::size_t expired = 0;
  while (expired < batch.size() && batch[expired].time < oldest) {
    ++expired;
  }
  if (expired == 0) {
    return true;
  }
  const bool all = expired == batch.size();
  Batch gone = all ? batch : batch.Slice(0, expired);
  gone.attempts = batch.attempts;
  GiveUp(gone, shard, mapping, kAgeExceeded);
  pass.ended = !Finish(shard, expired) || pass.ended;
  pass.save = true;
  return !all;
}

void Trigger::Send(ShardDelivery& shard, const Mapping& mapping, Micros now) {
  // All or nothing: a shard whose call was not made would wait for its answer for ever.
  const MemoryReserve::Scope whole(MemoryReserve::Use::kGrowth);
  const Batch& batch = shard.waiting.front();
  shard.under_way = true;
  {
    const MutexLock lock(mutex_);
    status_.last_batch = batch.size();
    status_.largest_batch = std::max<std::uint64_t>(status_.largest_batch, batch.size());
    status_.last_iterator_age = now - batch[batch.size() - 1].time;
  }
  const auto done =
      [door = door_, id = shard.cursor().shard, request = batch.request_id(),
       hold = std::make_shared<Timeline::Hold>(parts_.pool.timeline())](TargetReply reply) {
        {
          const MutexLock lock(door->mutex);
          if (Trigger* const trigger = door->trigger) {
            trigger->lane_.Post([trigger, id, request, reply = std::move(reply)] {
              trigger->TakeAnswer(id, request, reply);
            });
          }
        }
        hold->Release();
      };
  parts_.target.Call(
      {.arn = mapping.function_arn, .request_id = batch.request_id(), .payload = batch.Payload()},
      done);
}

void Trigger::TakeAnswer(const stream::ShardId& id, const std::string& request,
                         const TargetReply& reply) {
  const MemoryReserve::MustNotFail all;  // an answer counts once
  const auto found = shards_.find(id);
  if (found == shards_.end() || !found->second.under_way ||
      found->second.waiting.front().request_id() != request) {
    return;
  }
  const MappingPtr mapping = this->mapping();
  ShardDelivery& shard = found->second;
  shard.under_way = false;
  CountAnswer(reply.kind, shard.waiting.front().attempts > 0);
  bool stays = true;
  switch (reply.kind) {
    case TargetReply::Kind::kDone:
      stays = TakeResult(shard, *mapping, reply);
      break;
    case TargetReply::Kind::kFailed:
      ++shard.waiting.front().attempts;
      stays = Fail(shard, *mapping, {.error = reply.payload, .halves = true});
      break;
    case TargetReply::Kind::kThrottled:
    case TargetReply::Kind::kUnavailable:
      // Nothing ran, so this is no attempt.
      stays = Fail(shard, *mapping, {.error = reply.payload});
      break;
  }
  if (!stays) {
    SyncShards();
  }
  SaveCheckpoint(*mapping, reader_->Checkpoint());
  PostWork();
}

void Trigger::CountAnswer(TargetReply::Kind kind, bool is_retry) {
  const bool ran = kind == TargetReply::Kind::kDone || kind == TargetReply::Kind::kFailed;
  const MutexLock lock(mutex_);
  status_.invocations += ran ? 1 : 0;
  status_.retries += ran && is_retry ? 1 : 0;
  status_.not_run += ran ? 0 : 1;
}

bool Trigger::TakeResult(ShardDelivery& shard, const Mapping& mapping, const TargetReply& reply) {
  const Batch& batch = shard.waiting.front();
  BatchResult result;
  if (mapping.delivery.report_batch_item_failures) {
    result = ReadBatchResult(reply.payload, batch.size(), [&](std::size_t index) {
      return reader_->stream()->SequenceNumberOf(batch[index].position);
    });
  }
  if (result.kind == BatchResult::Kind::kFailed) {
    ++shard.waiting.front().attempts;
    return Fail(shard, mapping, {.error = reply.payload, .halves = true});
  }
  const bool all = result.kind == BatchResult::Kind::kDone;
  const std::size_t done = all ? batch.size() : result.first_failed;
  {
    const MutexLock lock(mutex_);
    status_.last_result = "OK";
    status_.batches += done > 0 ? 1 : 0;
    status_.records += done;
  }
  bool stays = true;
  if (done > 0) {
    shard.failures = 0;
    stays = Finish(shard, done);
  }
  if (!all) {
    // What is left is a batch of its own. If that is all of it, this was an attempt.
    shard.waiting.front().attempts += done > 0 ? 0 : 1;
    stays = Fail(shard, mapping, {.error = reply.payload, .shows = false});
  }
  return stays;
}

bool Trigger::Fail(ShardDelivery& shard, const Mapping& mapping, const Failure& failure) {
  shard.error = failure.error.substr(0, kShownErrorBytes);
  {
    const MutexLock lock(mutex_);
    status_.last_error = shard.error;
    if (failure.shows) {
      status_.last_result = kFunctionFailed;
    }
  }
  const DeliverySettings& settings = mapping.delivery;
  const Batch batch = shard.waiting.front();
  if (settings.bisect_batch_on_function_error && failure.halves && batch.size() > 1) {
    // Each half has all its retries before it: a split is not one.
    const std::size_t half = batch.size() / 2;
    shard.waiting.front() = batch.Slice(half, batch.size() - half);
    shard.waiting.push_front(batch.Slice(0, half));
  } else if (settings.maximum_retry_attempts >= 0 &&
             batch.attempts > settings.maximum_retry_attempts) {
    GiveUp(batch, shard, mapping, kAttemptsExhausted);
    shard.failures = 0;
    shard.due = parts_.pool.timeline().clock().Now();
    return Finish(shard, batch.size());
  }
  // Not later than when the first record is too old, so that others are not held up for it.
  const Micros expires = shard.waiting.front()[0].time + OldestAllowed(settings) + Micros(1);
  shard.due =
      std::min(parts_.pool.timeline().clock().Now() + backoff_.After(++shard.failures), expires);
  return true;
}

bool Trigger::Finish(ShardDelivery& shard, std::size_t count) {
  const Batch batch = shard.waiting.front();
  stream::ReaderPage page;
  page.shard = shard.cursor().shard;
  page.from = shard.cursor().position;
  page.seen_to = batch.end().seen_to;
  if (count == batch.size()) {
    page.next = batch.end().next;
    shard.waiting.pop_front();
  } else {
    page.next = batch[count].position;
    shard.waiting.front() = batch.Slice(count, batch.size() - count);
  }
  return Advance(shard, page);
}

bool Trigger::Advance(ShardDelivery& shard, const stream::ReaderPage& page) {
  reader_->Advance(page);
  // The cursors are in the order of their hash ranges, which do not overlap.
  const std::vector<stream::ReaderCursor>& cursors = reader_->cursors();
  const auto cursor = std::lower_bound(
      cursors.begin(), cursors.end(), shard.cursor().hash_first,
      [](const stream::ReaderCursor& one, std::uint64_t hash) { return one.hash_first < hash; });
  if (cursor == cursors.end() || cursor->shard != page.shard) {
    return false;
  }
  shard.MoveTo(*cursor);
  return true;
}

void Trigger::GiveUp(const Batch& batch, const ShardDelivery& shard, const Mapping& mapping,
                     std::string_view condition) {
  const stream::Stream& stream = *reader_->stream();
  const BatchRecord& first = batch[0];
  const BatchRecord& last = batch[batch.size() - 1];
  DeadLetter letter;
  letter.mapping = mapping.uuid;
  letter.function_arn = mapping.function_arn;
  letter.stream_arn = mapping.stream_arn;
  letter.shard_id = shard.cursor().shard.ToString();
  letter.condition = condition;
  letter.request_id = batch.request_id();
  letter.invocations = batch.attempts;
  letter.error = batch.attempts > 0 ? shard.error : std::string();
  letter.reports_failures = mapping.delivery.report_batch_item_failures;
  letter.first_number = stream.SequenceNumberOf(first.position);
  letter.last_number = stream.SequenceNumberOf(last.position);
  letter.first_arrival = first.time;
  letter.last_arrival = last.time;
  letter.size = batch.size();
  letter.time = parts_.pool.timeline().clock().Now();
  letter.payload = batch.Payload();
  {
    const MutexLock lock(mutex_);
    status_.dead_letters += batch.size();
  }
  parts_.dead_letters.Add(letter);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    parts_.report("trigger " + mapping.uuid + " gave up record " +
                  stream.SequenceNumberOf(batch[i].position) + " for " + mapping.function_arn +
                  ": " + std::string(condition));
  }
}

void Trigger::ShowWaiting() {
  std::size_t in_flight = 0;
  std::size_t waiting = 0;
  std::optional<Micros> oldest;
  for (const auto& [id, shard] : shards_) {
    in_flight += shard.under_way ? 1 : 0;
    waiting += shard.waiting.size() - (shard.under_way ? 1 : 0);
    if (!shard.waiting.empty()) {
      const Micros time = shard.waiting.front()[0].time;
      oldest = oldest.has_value() ? std::min(*oldest, time) : time;
    }
  }
  const MutexLock lock(mutex_);
  status_.in_flight = in_flight;
  status_.waiting = waiting;
  status_.oldest_waiting = oldest;
}

}  // namespace weir::lambda
