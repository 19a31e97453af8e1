// SPDX-License-Identifier: Apache-2.0
// StreamCatalogue: all streams by ARN, those of deleted tables included.
#pragma once

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

#include "core/clock.h"
#include "core/mutex.h"
#include "storage/log_budget.h"
#include "stream/stream.h"

namespace weir::stream {

// Thread-safe.
class StreamCatalogue {
 public:
  // How long after a write a stream is worked on, and how often at most while it is written.
  static constexpr Micros kPeriod = std::chrono::seconds(1);

  // `wake` is called when there is something to do in a second that Work has not told. It outlives
  // all logs that streams follow.
  explicit StreamCatalogue(const Clock& clock, const ShardPolicy& policy = {},
                           std::function<void()> wake = nullptr);

  // Opens a stream on a table that has none enabled. The stream's label is the present time in
  // milliseconds, or the next one that the table has not used yet.
  StreamPtr Open(const storage::TableMetadata& table, StreamViewType view_type,
                 std::shared_ptr<storage::ChangeLog> log, int shard_count);

  // Null when there is no such stream, or no longer.
  [[nodiscard]] StreamPtr Find(std::string_view arn) const;

  struct Listing {
    std::vector<StreamPtr> streams;
    bool more = false;
  };
  // Up to `limit` streams after `exclusive_start`, by ARN; of one table if a name is given.
  [[nodiscard]] Listing List(std::string_view table_name, std::string_view exclusive_start,
                             std::size_t limit) const;

  // Does what is due: Stream::Work for each that has something to do, and streams disabled 24 hours
  // ago go. Returns when there will be something to do again, if nothing is written and no stream
  // is opened; none if never.
  std::optional<Micros> Work();

  // Lets go of the oldest records of all streams until the logs take no more than the budget, which
  // must be that of all their logs. Returns about how many bytes went.
  std::uint64_t TrimTo(storage::LogBudget& budget);

  // Names a consumer that starts to read.
  [[nodiscard]] std::uint32_t NewReader() { return ++readers_; }

  // Tells iterators of this process from those of another.
  [[nodiscard]] std::uint64_t data_set() const { return data_set_; }

 private:
  // When each stream is to be worked on, once each: those that are not here have nothing to wait
  // for. Outlives the catalogue for as long as a stream may be written.
  class Agenda {
   public:
    // Unless an earlier time is set.
    void Add(Micros time, const std::weak_ptr<Stream>& stream);
    // Takes out those that are due at `now`.
    std::vector<StreamPtr> Take(Micros now);
    std::optional<Micros> Next();

   private:
    using Due = std::multimap<Micros, std::weak_ptr<Stream>>;
    Mutex mutex_;
    Due due_ WEIR_GUARDED_BY(mutex_);
    std::map<std::weak_ptr<Stream>, Due::iterator, std::owner_less<>> places_
        WEIR_GUARDED_BY(mutex_);
  };
  // Takes it out if its time is over; else does its work. Returns how many bytes of its log went.
  std::uint64_t WorkOn(const StreamPtr& stream, Micros now);

  const Clock& clock_;
  const ShardPolicy policy_;
  const std::function<void()> wake_;
  const std::shared_ptr<Agenda> agenda_ = std::make_shared<Agenda>();
  const std::uint64_t data_set_;
  std::atomic<std::uint32_t> readers_{0};
  mutable Mutex mutex_;
  std::map<std::string, StreamPtr, std::less<>> streams_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::stream
