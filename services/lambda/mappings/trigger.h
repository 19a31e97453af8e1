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
  Invoker& invoker;
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
  std::uint64_t invocations = 0;
  std::uint64_t retries = 0;
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
  // `parts` must outlive it. Goes on where an earlier trigger of the mapping was, by the checkpoint
  // in `parts.records`; else starts when it is first enabled.
  Trigger(const TriggerParts& parts, MappingPtr mapping);
  // Waits for a task that runs; invocations under way are left to themselves.
  ~Trigger();
  Trigger(const Trigger&) = delete;
  Trigger& operator=(const Trigger&) = delete;

  // Takes the settings of `mapping` from the next batch on. Batches that wait for another try keep
  // their records; a trigger that is disabled drops them, and reads them again once it is enabled.
  void Apply(MappingPtr mapping);
  [[nodiscard]] TriggerStatus status() const;
  // Forgets how far a mapping has come, as it was deleted.
  static void Forget(storage::KeptRecords& records, std::string_view uuid);
  // The UUIDs of all mappings that have come somewhere.
  [[nodiscard]] static std::vector<std::string> Kept(const storage::KeptRecords& records);

 private:
  // By which other threads reach the trigger while it is there.
  struct Door {
    Mutex mutex;
    Trigger* trigger WEIR_GUARDED_BY(mutex) = nullptr;
  };

  // Has Work run on the lane, once.
  void PostWork();
  // The rest runs on the lane.
  void Work();
  // Makes the reader, if there is none; false if the stream is not there or cannot be read now.
  bool Open(const Mapping& mapping);
  void DropWaiting();
  // Has a ShardDelivery for each cursor of the reader; true if there is a new one.
  bool SyncShards();
  // SyncShards, and keeps where the reader stands.
  bool SaveProgress();
  // What one pass over the shards has found out.
  struct Pass {
    Micros now{0};
    std::optional<Micros> due;  // when something is to be done next
    bool more = false;          // something is to be done at once
    bool moved = false;         // a cursor of the reader
    bool save = false;          // that is to be kept
    void WakeAt(Micros time) { due = due.has_value() ? std::min(*due, time) : time; }
  };
  void Step(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  // Has the shard's first batch be one that is to be sent now; false if there is none yet.
  bool Prepare(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  // Gives up those of the first batch's records that are too old; false if all are.
  bool DropExpired(ShardDelivery& shard, const Mapping& mapping, Pass& pass);
  void Send(ShardDelivery& shard, const Mapping& mapping, Micros now);
  void TakeAnswer(const stream::ShardId& id, const runtimes::InvokeOutcome& outcome);
  void TakeAnswerOnce(const stream::ShardId& id, const runtimes::InvokeOutcome& outcome);
  void TakeResult(ShardDelivery& shard, const Mapping& mapping,
                  const runtimes::InvokeOutcome& outcome);
  void Fail(ShardDelivery& shard, const Mapping& mapping, std::string_view error);
  // The first `count` records of the shard's first batch are over, done or given up.
  void Finish(ShardDelivery& shard, std::size_t count);
  void Advance(ShardDelivery& shard, const stream::ReaderPage& page);
  void GiveUp(const Batch& batch, const stream::ShardId& shard, const Mapping& mapping,
              std::string_view condition);
  void ShowWaiting();

  const TriggerParts& parts_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>();
  std::atomic<bool> posted_{false};
  mutable Mutex mutex_;
  MappingPtr mapping_ WEIR_GUARDED_BY(mutex_);
  TriggerStatus status_ WEIR_GUARDED_BY(mutex_);

  // Used on the lane only.
  MappingPtr applied_;
  std::optional<stream::Reader> reader_;
  std::map<stream::ShardId, ShardDelivery> shards_;
  consumers::Backoff backoff_;
  storage::LogWait wait_;

  consumers::Lane lane_;
  Timeline::Timer timer_;  // last: its task uses the lane
};

}  // namespace weir::lambda
