// SPDX-License-Identifier: Apache-2.0
// ChangeLog: a table's effective writes in commit order.
//
// One log lies under everything that follows a table: its stream now, later triggers, replicas,
// point-in-time recovery and replay. Entries are recorded only while a LogHold follows, and kept
// only while one needs them. With no holds the log is empty and free.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <utility>
#include <vector>

#include "core/change.h"
#include "core/mutex.h"
#include "storage/log_budget.h"

namespace weir::storage {

class LogHold;
class LogWait;

// Thread-safe. Appending is for the table's write path, which orders the entries by its own lock.
// Outlives its table for as long as somebody reads it.
class ChangeLog : public std::enable_shared_from_this<ChangeLog> {
 public:
  // `budget`, if there is one, counts what the log keeps.
  explicit ChangeLog(std::shared_ptr<LogBudget> budget = nullptr) : budget_(std::move(budget)) {}
  ~ChangeLog();
  ChangeLog(const ChangeLog&) = delete;
  ChangeLog& operator=(const ChangeLog&) = delete;

  // Records `change` under the next sequence, or nothing when nobody follows the log.
  void Append(Change change);

  // The sequence that the next recorded change gets; at least 1.
  [[nodiscard]] std::uint64_t next_sequence() const;
  // The oldest sequence still kept; next_sequence() when there is none.
  [[nodiscard]] std::uint64_t first_sequence() const;

  // Bytes that the log alone keeps in memory: the entries, the images that its table has
  // overwritten and, once OutliveTable was called, those that the table had last.
  [[nodiscard]] std::uint64_t bytes() const;

  // The table is gone, or no longer followed: the log may be all that keeps the images that the
  // table has now.
  void OutliveTable();

  // Some of the oldest entries, and about how many bytes go with them.
  struct Share {
    std::uint64_t end = 0;  // the sequence behind them
    std::uint64_t bytes = 0;
  };
  // Those from `from` on that were written at `until` or before, as many as are needed for `bytes`.
  [[nodiscard]] Share OldestShare(std::uint64_t from, Micros until, std::uint64_t bytes) const;

  // Calls `visit` for the changes in [from, to) that are still kept, in order, until it returns
  // false. Writers are not held up: entries never change, and the log keeps growing behind them.
  void Read(std::uint64_t from, std::uint64_t to,
            const std::function<bool(const Change&)>& visit) const;

  // The sequence of the first kept change at or after `time`; next_sequence() if none is.
  [[nodiscard]] std::uint64_t FirstSequenceSince(Micros time) const;

  // Calls `wake` once, as soon as the log has a change behind `seen_to`, the sequence up to which a
  // reader knows it: at once if it has, else on the writer's thread and under its table's lock, so
  // it should do no more than tell somebody. Also when WakeAll is called before that. Not once the
  // wait is gone, except for a call under way then.
  [[nodiscard]] LogWait WakeAfter(std::uint64_t seen_to, std::function<void()> wake);
  // Something happened that is no change, such as the end of a stream.
  void WakeAll();

  // Starts to follow: all changes appended from now on are kept until the hold lets them go.
  [[nodiscard]] LogHold Follow();

 private:
  friend class LogHold;
  friend class LogWait;
  static constexpr std::size_t kChunkSize = 256;
  // Entries by their sequence, modulo the size. Those before `released` are empty.
  struct Chunk {
    std::array<Change, kChunkSize> changes;
    std::size_t released = 0;
    std::bitset<kChunkSize> counts_after;   // the entries whose new image nobody else keeps
    std::uint64_t bytes = sizeof(changes);  // with the images that count

    [[nodiscard]] std::uint64_t ImageBytes(std::size_t index) const {
      return changes[index].before.memory_size() +
             (counts_after[index] ? changes[index].after.memory_size() : 0);
    }
  };
  struct HoldState {
    std::uint64_t keep_from = 0;
    bool following = true;
  };
  using Holds = std::list<HoldState>;
  using Chunks = std::deque<std::shared_ptr<Chunk>>;
  using Dropped = std::vector<std::shared_ptr<Chunk>>;
  struct Sleeper {
    std::uint64_t number = 0;
    std::function<void()> wake;
  };

  // Records the change, and returns whom to wake.
  [[nodiscard]] std::vector<Sleeper> Add(Change change);

  // The part of OutliveTable for the chunk that has the entry `from`, which it moves behind that;
  // false if there is none.
  bool CountNewImages(const std::vector<const void*>& overwritten, std::uint64_t& from);

  // Lets go of what no hold needs; the caller frees it after it has unlocked. Throws nothing.
  [[nodiscard]] Dropped TrimLocked() WEIR_REQUIRES(mutex_);
  // The chunks at the front that nobody needs any more.
  [[nodiscard]] std::size_t CountUnneeded() const WEIR_REQUIRES(mutex_);
  static Dropped RoomFor(std::size_t count);
  // A copy of the first chunk without the images of what was trimmed of it, in its place; what it
  // was before goes to `dropped`. Readers may have that one, so it can't be changed itself.
  void ReleaseImages(Dropped& dropped) WEIR_REQUIRES(mutex_);
  void AddBytes(std::uint64_t bytes) WEIR_REQUIRES(mutex_);
  void RemoveBytes(std::uint64_t bytes) WEIR_REQUIRES(mutex_);
  [[nodiscard]] const Change& AtLocked(std::uint64_t sequence) const WEIR_REQUIRES(mutex_);

  const std::shared_ptr<LogBudget> budget_;
  mutable Mutex mutex_;
  // Entries [first_, next_) are valid; chunk 0 holds those from chunk_base_ on. Every chunk starts
  // at a sequence that is 1 more than a multiple of its size.
  Chunks chunks_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t chunk_base_ WEIR_GUARDED_BY(mutex_) = 1;
  std::uint64_t first_ WEIR_GUARDED_BY(mutex_) = 1;
  std::uint64_t next_ WEIR_GUARDED_BY(mutex_) = 1;
  std::uint64_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;  // of all chunks
  Holds holds_ WEIR_GUARDED_BY(mutex_);
  std::vector<Sleeper> sleepers_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t latest_sleeper_ WEIR_GUARDED_BY(mutex_) = 0;
};

// Somebody's need of a log. Gives up what it held when it goes. Movable; not thread-safe itself.
class LogHold {
 public:
  LogHold() = default;
  LogHold(LogHold&& other) noexcept;
  LogHold& operator=(LogHold&& other) noexcept;
  ~LogHold() { Release(); }

  // Entries before `sequence` are no longer needed.
  void KeepFrom(std::uint64_t sequence);
  // Later changes are not needed; those held so far still are.
  void StopFollowing();

 private:
  friend class ChangeLog;
  LogHold(std::shared_ptr<ChangeLog> log, ChangeLog::Holds::iterator state)
      : log_(std::move(log)), state_(state) {}
  void Release();

  std::shared_ptr<ChangeLog> log_;
  ChangeLog::Holds::iterator state_;
};

// Somebody's wait for a log's next change. Movable; not thread-safe itself.
class LogWait {
 public:
  LogWait() = default;
  LogWait(LogWait&& other) noexcept;
  LogWait& operator=(LogWait&& other) noexcept;
  ~LogWait() { End(); }

 private:
  friend class ChangeLog;
  LogWait(std::weak_ptr<ChangeLog> log, std::uint64_t number)
      : log_(std::move(log)), number_(number) {}
  void End();

  std::weak_ptr<ChangeLog> log_;
  std::uint64_t number_ = 0;
};

}  // namespace weir::storage
