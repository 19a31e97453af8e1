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
#include "storage/engine.h"
#include "storage/log_budget.h"
#include "stream/stream.h"

namespace weir::stream {

// Thread-safe.
class StreamCatalogue {
 public:
  // How long after a write a stream is worked on; while it is written, this is the period.
  static constexpr Micros kPeriod = std::chrono::seconds(1);

  // `wake` is called when Work should be called about a second later, though its last result did
  // not say so. What it borrows must outlive all logs that streams follow, and so must `clock`.
  explicit StreamCatalogue(const Clock& clock, const ShardPolicy& policy = {},
                           std::function<void()> wake = nullptr);
  // The same for streams that `engine`, which must outlive them, keeps beyond the end of the
  // process, with the number `data_set`.
  StreamCatalogue(const Clock& clock, const ShardPolicy& policy, std::function<void()> wake,
                  storage::Engine& engine, std::uint64_t data_set);

  // Opens a stream on a table, which must have no other enabled. The stream's label is the present
  // time to the millisecond, or the next millisecond if the table has used that.
  StreamPtr Open(const storage::TableMetadata& table, StreamViewType view_type,
                 std::shared_ptr<storage::ChangeLog> log, int shard_count);

  // Adds a stream of an earlier process, over the log that it followed.
  void Adopt(StreamState state, std::shared_ptr<storage::ChangeLog> log);
  [[nodiscard]] std::vector<StreamPtr> All() const;

  // nullptr if there is no such stream, or it has expired (Stream::Expired).
  [[nodiscard]] StreamPtr Find(std::string_view arn) const;

  struct Listing {
    std::vector<StreamPtr> streams;
    bool more = false;
  };
  // Up to `limit` streams in the order of their ARNs, from the first after `exclusive_start` on; of
  // all tables if `table_name` is empty.
  [[nodiscard]] Listing List(std::string_view table_name, std::string_view exclusive_start,
                             std::size_t limit) const;

  // Does what is due: calls Stream::Work of each stream that has something to do, and removes those
  // that have expired. Returns when to call it again if nothing is written and no stream is opened
  // meanwhile; nullopt if never.
  std::optional<Micros> Work();

  // Frees the oldest records of all streams (LogTrim) until their logs take no more than the
  // budget, which must be the one that all of them count in. Returns about how many bytes it freed.
  std::uint64_t TrimTo(storage::LogBudget& budget);

  // A number for a consumer that starts to read (ShardIterator::reader).
  [[nodiscard]] std::uint32_t NewReader() { return ++readers_; }

  // A random number that iterators and checkpoints carry, so that those of another process, or from
  // before a reset, are refused.
  [[nodiscard]] std::uint64_t data_set() const { return data_set_; }

 private:
  // When each stream is to be worked on. A stream has one place or, if it has nothing to wait for,
  // none. Outlives the catalogue while a table with a stream may still be written.
  class Agenda {
   public:
    // Sets the stream's time, unless it has an earlier one.
    void Add(Micros time, const std::weak_ptr<Stream>& stream);
    // Removes and returns the streams that are due at `now`.
    std::vector<StreamPtr> Take(Micros now);
    std::optional<Micros> Next();

   private:
    using Due = std::multimap<Micros, std::weak_ptr<Stream>>;
    Mutex mutex_;
    Due due_ WEIR_GUARDED_BY(mutex_);
    std::map<std::weak_ptr<Stream>, Due::iterator, std::owner_less<>> places_
        WEIR_GUARDED_BY(mutex_);
  };
  // Makes a stream by `make`, which gets the stream's `wake`, and adds it.
  using Make = std::function<StreamPtr(std::function<void()> wake)>;
  StreamPtr AddLocked(const Make& make) WEIR_REQUIRES(mutex_);
  // Removes the stream if it has expired, else calls its Work. Returns how many bytes of its log
  // that freed.
  std::uint64_t WorkOn(const StreamPtr& stream, Micros now);

  const Clock& clock_;
  const ShardPolicy policy_;
  const std::function<void()> wake_;
  const std::shared_ptr<Agenda> agenda_ = std::make_shared<Agenda>();
  storage::Engine* const engine_;  // null if the streams are not kept
  const std::uint64_t data_set_;
  std::atomic<std::uint32_t> readers_{0};
  mutable Mutex mutex_;
  std::map<std::string, StreamPtr, std::less<>> streams_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::stream
