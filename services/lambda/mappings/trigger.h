// SPDX-License-Identifier: Apache-2.0
// Trigger: carries out one event source mapping: reads its stream, makes batches, and has the
// function called with them until they are done or given up.
//
// Records of a shard go one batch after the other, and children of a shard after it, so the records
// of an item come in order. What fails is sent again after a wait by the clock
// (consumers/backoff.h), while the other shards go on. How far it has come is kept after each
// batch, and read again at the next start: a batch that was under way then is sent twice rather
// than never.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consumers/backoff.h"
#include "consumers/target.h"
#include "consumers/worker_pool.h"
#include "core/mutex.h"
#include "core/timeline.h"
#include "services/lambda/function_directory.h"
#include "services/lambda/mappings/dead_letters.h"
#include "services/lambda/mappings/mapping.h"
#include "services/lambda/mappings/shard_delivery.h"
#include "storage/kept_records.h"
#include "stream/reader.h"

namespace weir::lambda {

// What all triggers work with; all of it outlives them.
struct TriggerParts {
  consumers::WorkerPool& pool;
  std::function<stream::StreamPtr(std::string_view arn)> find_stream;
  RecordFormat format;
  const FunctionDirectory& functions;
  consumers::Target& target;
  storage::KeptRecords& records;
  DeadLetters& dead_letters;
  std::function<void(std::string_view line)> report;  // a line for the server's log
  consumers::BackoffOptions backoff;
};

// How a trigger is doing. Counts are of this process.
struct TriggerStatus {
  std::string last_result = "No records processed";  // as the API shows it
  std::string last_error;                            // what the function answered; cut
  std::uint64_t batches = 0;                         // that are done
  std::uint64_t records = 0;                         // in them
  std::uint64_t filtered = 0;
  std::uint64_t invocations = 0;   // that ran
  std::uint64_t retries = 0;       // of these, with records that were sent before
  std::uint64_t not_run = 0;       // calls that found no place, or no function
  std::uint64_t dead_letters = 0;  // records that were given up
  std::uint64_t lost = 0;          // times that records were trimmed before they were read
  std::uint64_t largest_batch = 0;
  std::uint64_t last_batch = 0;
  std::size_t in_flight = 0;
  std::size_t waiting = 0;               // batches that wait for their next try
  std::optional<Micros> oldest_waiting;  // when the oldest record in flight or waiting was written
  std::optional<Micros> last_iterator_age;  // of the last batch when it was sent
};

// Thread-safe.
class Trigger {
 public:
  // Does nothing before Apply is called. `parts` must outlive it. Goes on where an earlier trigger
  // of the mapping was, by the checkpoint in `parts.records`; else starts when it is first enabled.
  Trigger(const TriggerParts& parts, MappingPtr mapping);
  // Waits for a task that runs; invocations under way are left to themselves.
  ~Trigger();
  Trigger(const Trigger&) = delete;
  Trigger& operator=(const Trigger&) = delete;

  // Takes the settings of `mapping`, which may be the present one, from the next batch on. Batches
  // that wait for another try keep their records; a trigger that is disabled drops them, and reads
  // them again once it is enabled.
  void Apply(MappingPtr mapping);
  [[nodiscard]] TriggerStatus status() const;
  // Forgets how far the mapping has come, as it was deleted.
  void Forget();
  // The same for all mappings but those that are there.
  static void ForgetOthers(storage::KeptRecords& records,
                           const std::function<bool(std::string_view uuid)>& is_there);

 private:
  // By which other threads reach the trigger while it is there.
  struct Door {
    Mutex mutex;
    Trigger* trigger WEIR_GUARDED_BY(mutex) = nullptr;
  };

  // Has the trigger work, if it is still there.
  static void Knock(Door& door);
  // Has Work run on the lane, once.
  void PostWork();
  [[nodiscard]] MappingPtr mapping() const;
  // Keeps where the mapping begins, unless it has begun.
  void Begin(const Mapping& mapping) const;
  void SaveCheckpoint(const Mapping& mapping, std::string checkpoint) const;

  // The rest runs on the lane.
  void Work();
  // Makes the reader, if there is none; false if the stream is not there or cannot be read now.
  bool Open(const Mapping& mapping);
  void DropWaiting();
  // Has a ShardDelivery for each cursor of the reader.
  void SyncShards();
  // Bytes of the records that were collected, and not sent yet.
  [[nodiscard]] std::size_t Collected() const;
  // What one pass over the shards has found out.
  struct Pass {
    Micros now{0};
    std::optional<Micros> due;  // when something is to be done next
    bool crowded = false;       // windows are not waited for
    bool more = false;          // something is to be done at once
    bool ended = false;         // a shard has ended
    bool save = false;          // where the reader stands is to be kept
    void WakeAt(Micros time) { due = due.has_value() ? std::min(*due, time) : time; }
  };
  void Step(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  // Has the shard's first batch be one that is to be sent now; false if there is none yet.
  bool Prepare(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  // Gives up those of the first batch's records that are too old; false if all are.
  bool DropExpired(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  void Send(ShardDelivery& shard, const Mapping& mapping, Micros now);
  void TakeAnswer(const stream::ShardId& id, const std::string& request,
                  const consumers::TargetReply& reply);

  void CountAnswer(consumers::TargetReply::Kind kind, bool is_retry);

  // These return false if the shard has ended with that: it is in `shards_`, but not in the reader
  // any more.
  bool TakeResult(ShardDelivery& shard, const Mapping& mapping,
                  const consumers::TargetReply& reply);
  struct Failure {
    std::string_view error;  // what the function answered
    bool halves = false;     // the batch may be halved
    bool shows = true;       // as the mapping's last result
  };
  bool Fail(ShardDelivery& shard, const Mapping& mapping, const Failure& failure);
  // The first `count` records of the shard's first batch are over, done or given up.
  bool Finish(ShardDelivery& shard, std::size_t count);
  bool Advance(ShardDelivery& shard, const stream::ReaderPage& page);

  void GiveUp(const Batch& batch, const ShardDelivery& shard, const Mapping& mapping,
              std::string_view condition);
  void ShowWaiting();

  const TriggerParts& parts_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>();
  std::atomic<bool> posted_{false};
  mutable Mutex mutex_;
  MappingPtr mapping_ WEIR_GUARDED_BY(mutex_);
  TriggerStatus status_ WEIR_GUARDED_BY(mutex_);
  bool forgotten_ WEIR_GUARDED_BY(mutex_) = false;

  // Used on the lane only.
  MappingPtr applied_;
  std::optional<stream::Reader> reader_;
  std::map<stream::ShardId, ShardDelivery> shards_;
  consumers::Backoff backoff_;
  storage::LogWait wait_;

  Timeline::Timer timer_;
  consumers::Lane lane_;  // last: its destructor waits for a task that uses all of this
};

}  // namespace weir::lambda
