// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/mappings/trigger.h"

#include <algorithm>
#include <new>
#include <utility>

#include "core/limits.h"
#include "core/memory_reserve.h"

namespace weir::lambda {
namespace {

using runtimes::InvokeOutcome;

constexpr std::string_view kCheckpoint = "lambda.checkpoint";
constexpr std::string_view kFunctionFailed = "PROBLEM: Function call failed";
constexpr std::string_view kAttemptsExhausted = "RetryAttemptsExhausted";
constexpr std::string_view kAgeExceeded = "RecordAgeExceeded";
// How much of what a function answered is shown.
constexpr std::size_t kShownErrorBytes = 4096;
// How long until a record that could not be read from the data folder is tried again.
constexpr Micros kReadRetry = std::chrono::seconds(10);

// A record may be sent until it is so old. The stream has none that is older than a day.
Micros OldestAllowed(const DeliverySettings& settings) {
  return settings.maximum_record_age.count() < 0
             ? limits::kStreamRetention
             : std::min<Micros>(settings.maximum_record_age, limits::kStreamRetention);
}

}  // namespace

Trigger::Trigger(const TriggerParts& parts, MappingPtr mapping)
    : parts_(parts),
      mapping_(std::move(mapping)),
      backoff_(parts.backoff),
      lane_(parts.pool),
      timer_(parts.pool.timeline(), [this] { PostWork(); }) {
  {
    const MutexLock lock(door_->mutex);
    door_->trigger = this;
  }
  MappingPtr first;
  {
    const MutexLock lock(mutex_);
    first = mapping_;
  }
  if (first->enabled) {
    // Before anybody is told that there is a mapping, so that none of the next writes is missed.
    Open(*first);
    PostWork();
  }
}

Trigger::~Trigger() {
  const MutexLock lock(door_->mutex);
  door_->trigger = nullptr;
}

void Trigger::Apply(MappingPtr mapping) {
  {
    const MutexLock lock(mutex_);
    mapping_ = std::move(mapping);
  }
  PostWork();
}

TriggerStatus Trigger::status() const {
  const MutexLock lock(mutex_);
  return status_;
}

void Trigger::Forget(storage::KeptRecords& records, std::string_view uuid) {
  records.Remove(kCheckpoint, uuid);
}

std::vector<std::string> Trigger::Kept(const storage::KeptRecords& records) {
  std::vector<std::string> uuids;
  for (storage::KeptRecords::Record& record : records.All(kCheckpoint)) {
    uuids.push_back(std::move(record.key));
  }
  return uuids;
}

void Trigger::PostWork() {
  if (!posted_.exchange(true)) {
    lane_.Post([this] { Work(); });
  }
}

void Trigger::Work() {
  posted_ = false;
  MappingPtr mapping;
  {
    const MutexLock lock(mutex_);
    mapping = mapping_;
  }
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
  // Other shards' records pass by often; the checkpoint only has to know of those of the shard.
  if (pass.moved && (pass.save ? SaveProgress() : SyncShards())) {
    pass.more = true;
  }
  ShowWaiting();
  if (pass.due.has_value()) {
    timer_.Set(*pass.due);
  }
  if (pass.more) {
    PostWork();
  } else if (!reader_->finished()) {
    wait_ = reader_->stream()->WakeAfter(end, [door = door_] {
      const MutexLock lock(door->mutex);
      if (door->trigger != nullptr) {
        door->trigger->PostWork();
      }
    });
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
  if (const std::optional<std::string> kept = parts_.records.Get(kCheckpoint, mapping.uuid)) {
    stream::Outcome<stream::Reader> resumed = stream::Reader::Resume(stream, *kept);
    if (resumed.ok()) {
      reader_ = std::move(resumed).value();
      SyncShards();
      return true;
    }
    parts_.report("trigger " + mapping.uuid +
                  ": its checkpoint is not of this stream, so it begins with the oldest record");
  }
  const bool latest = !mapping.from_trim_horizon && !parts_.records.Get(kCheckpoint, mapping.uuid);
  using Type = stream::ReaderStart::Type;
  stream::Outcome<stream::Reader> reader = stream::Reader::Subscribe(
      std::move(stream), {.type = latest ? Type::kLatest : Type::kTrimHorizon},
      parts_.pool.timeline().clock().Now());
  if (!reader.ok()) {
    parts_.report("trigger " + mapping.uuid + ": cannot read its stream: " + reader.error().reason);
    timer_.Set(parts_.pool.timeline().clock().Now() + kReadRetry);
    return false;
  }
  reader_ = std::move(reader).value();
  SaveProgress();
  return true;
}

void Trigger::DropWaiting() {
  std::erase_if(shards_, [](const auto& entry) { return !entry.second.under_way; });
  if (reader_.has_value()) {
    SyncShards();
  }
  applied_ = nullptr;
}

bool Trigger::SyncShards() {
  bool added = false;
  std::map<stream::ShardId, ShardDelivery> shards;
  for (const stream::ReaderCursor& cursor : reader_->cursors()) {
    if (auto known = shards_.extract(cursor.shard)) {
      shards.insert(std::move(known));
    } else {
      shards.emplace(cursor.shard, ShardDelivery(cursor));
      added = true;
    }
  }
  shards_ = std::move(shards);
  return added;
}

bool Trigger::SaveProgress() {
  const bool added = SyncShards();
  MappingPtr mapping;
  {
    const MutexLock lock(mutex_);
    mapping = mapping_;
  }
  parts_.records.Put(kCheckpoint, mapping->uuid, reader_->Checkpoint());
  return added;
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
      Advance(shard, *passed);
      pass.moved = true;
      pass.save = pass.save || found.value().filtered != 0 || found.value().lost ||
                  !passed->next.has_value();
    }
    return false;
  }
  const Micros due = shard.DueAt(mapping.delivery);
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
  GiveUp(gone, shard.cursor().shard, mapping, kAgeExceeded);
  Finish(shard, expired);
  pass.moved = true;
  pass.save = true;
  return !all;
}

void Trigger::Send(ShardDelivery& shard, const Mapping& mapping, Micros now) {
  const Batch& batch = shard.waiting.front();
  shard.under_way = true;
  {
    const MutexLock lock(mutex_);
    ++status_.invocations;
    status_.retries += shard.failures > 0 ? 1 : 0;
    status_.last_batch = batch.size();
    status_.largest_batch = std::max<std::uint64_t>(status_.largest_batch, batch.size());
    status_.last_iterator_age = now - batch[batch.size() - 1].time;
  }
  const auto done =
      [door = door_, id = shard.cursor().shard,
       hold = std::make_shared<Timeline::Hold>(parts_.pool.timeline())](InvokeOutcome outcome) {
        {
          const MutexLock lock(door->mutex);
          if (Trigger* const trigger = door->trigger) {
            trigger->lane_.Post(
                [trigger, id, outcome = std::move(outcome)] { trigger->TakeAnswer(id, outcome); });
          }
        }
        hold->Release();
      };
  const LambdaResult<FunctionRef> function =
      parts_.functions.Resolve(mapping.function_arn, {}, mapping.region);
  if (!function.ok()) {
    done({.kind = InvokeOutcome::Kind::kUnavailable,
          .payload = function.error().message,
          .log_tail = {}});
    return;
  }
  parts_.invoker.Invoke(function.value(),
                        {.request_id = batch.request_id(),
                         .payload = batch.Payload(),
                         .client_context = {},
                         .invoked_arn = mapping.function_arn},
                        done);
}

void Trigger::TakeAnswer(const stream::ShardId& id, const InvokeOutcome& outcome) {
  {
    const MemoryReserve::MustNotFail all;  // an answer counts once
    TakeAnswerOnce(id, outcome);
  }
  Work();
}

void Trigger::TakeAnswerOnce(const stream::ShardId& id, const InvokeOutcome& outcome) {
  MappingPtr mapping;
  {
    const MutexLock lock(mutex_);
    mapping = mapping_;
  }
  const auto found = shards_.find(id);
  if (found == shards_.end()) {
    return;
  }
  ShardDelivery& shard = found->second;
  shard.under_way = false;
  switch (outcome.kind) {
    case InvokeOutcome::Kind::kReturned:
      TakeResult(shard, *mapping, outcome);
      break;
    case InvokeOutcome::Kind::kFunctionError:
      ++shard.waiting.front().attempts;
      Fail(shard, *mapping, outcome.payload);
      break;
    case InvokeOutcome::Kind::kThrottled:
    case InvokeOutcome::Kind::kUnavailable:
      // Nothing ran, so this is no attempt.
      Fail(shard, *mapping, outcome.payload);
      break;
  }
  SaveProgress();
}

void Trigger::TakeResult(ShardDelivery& shard, const Mapping& mapping,
                         const InvokeOutcome& outcome) {
  const Batch& batch = shard.waiting.front();
  BatchResult result;
  if (mapping.delivery.report_batch_item_failures) {
    const auto number_of = [&](std::size_t index) {
      return reader_->stream()->SequenceNumberOf(batch[index].position);
    };
    result = ReadBatchResult(outcome.payload, batch.size(), number_of);
  }
  if (result.kind == BatchResult::Kind::kFailed) {
    ++shard.waiting.front().attempts;
    Fail(shard, mapping, outcome.payload);
    return;
  }
  const bool all = result.kind == BatchResult::Kind::kDone;
  const std::size_t done = all ? batch.size() : result.first_failed;
  if (done > 0) {
    const MutexLock lock(mutex_);
    ++status_.batches;
    status_.records += done;
  }
  if (done > 0) {
    shard.failures = 0;
    Finish(shard, done);
  }
  if (!all) {
    // What is left is a batch of its own. If that is all of it, this was an attempt.
    shard.waiting.front().attempts += done > 0 ? 0 : 1;
    Fail(shard, mapping, outcome.payload);
  }
  const MutexLock lock(mutex_);
  status_.last_result = "OK";
}

void Trigger::Fail(ShardDelivery& shard, const Mapping& mapping, std::string_view error) {
  {
    const MutexLock lock(mutex_);
    status_.last_result = kFunctionFailed;
    status_.last_error = error.substr(0, kShownErrorBytes);
  }
  const DeliverySettings& settings = mapping.delivery;
  const Batch batch = shard.waiting.front();
  if (settings.maximum_retry_attempts >= 0 && batch.attempts > settings.maximum_retry_attempts) {
    GiveUp(batch, shard.cursor().shard, mapping, kAttemptsExhausted);
    Finish(shard, batch.size());
    shard.failures = 0;
    shard.due = parts_.pool.timeline().clock().Now();
    return;
  }
  if (settings.bisect_batch_on_function_error && batch.attempts > 0 && batch.size() > 1) {
    const std::size_t half = batch.size() / 2;
    shard.waiting.front() = batch.Slice(half, batch.size() - half);
    shard.waiting.push_front(batch.Slice(0, half));
  }
  shard.due = parts_.pool.timeline().clock().Now() + backoff_.After(++shard.failures);
}

void Trigger::Finish(ShardDelivery& shard, std::size_t count) {
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
  Advance(shard, page);
}

void Trigger::Advance(ShardDelivery& shard, const stream::ReaderPage& page) {
  reader_->Advance(page);
  for (const stream::ReaderCursor& cursor : reader_->cursors()) {
    if (cursor.shard == page.shard) {
      shard.MoveTo(cursor);
    }
  }
}

void Trigger::GiveUp(const Batch& batch, const stream::ShardId& shard, const Mapping& mapping,
                     std::string_view condition) {
  const stream::Stream& stream = *reader_->stream();
  const BatchRecord& first = batch[0];
  const BatchRecord& last = batch[batch.size() - 1];
  DeadLetter letter;
  letter.mapping = mapping.uuid;
  letter.function_arn = mapping.function_arn;
  letter.stream_arn = mapping.stream_arn;
  letter.shard_id = shard.ToString();
  letter.condition = condition;
  letter.request_id = batch.request_id();
  letter.invocations = batch.attempts;
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
    letter.error = status_.last_error;
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
