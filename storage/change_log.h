// SPDX-License-Identifier: Apache-2.0
// ChangeLog: a table's effective writes in commit order.
//
// Everything that follows a table reads this one log: its stream now; later triggers, replicas,
// point-in-time recovery and replay. Entries are recorded only while a LogHold follows the log, and
// kept only while a LogHold needs them. Without holds the log is empty and costs nothing.
//
// The newest entries are in memory. With an archive (storage/log_archive.h) older ones may be only
// there.
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
#include "storage/fault.h"
#include "storage/log_archive.h"
#include "storage/log_budget.h"

namespace weir::storage {

class LogHold;
class LogWait;

// Thread-safe. Only the table's write path appends, and the table's lock orders the entries. The
// log outlives its table for as long as somebody reads it.
class ChangeLog : public std::enable_shared_from_this<ChangeLog> {
 public:
  // The entries that a log starts with, none of them in memory: [first, next).
  struct Start {
    std::uint64_t first = 1;
    std::uint64_t next = 1;
  };
  // `budget`, if not null, counts the bytes that the log keeps in memory. `table` is the table's
  // number. `archive` is null if there is none; then the log has to start empty.
  explicit ChangeLog(std::shared_ptr<LogBudget> budget = nullptr, std::uint64_t table = 0,
                     std::shared_ptr<const LogArchive> archive = nullptr, Start start = {1, 1})
      : budget_(std::move(budget)),
        archive_(std::move(archive)),
        table_(table),
        first_(start.first),
        in_memory_(start.next),
        next_(start.next) {}
  ~ChangeLog();
  ChangeLog(const ChangeLog&) = delete;
  ChangeLog& operator=(const ChangeLog&) = delete;

  [[nodiscard]] std::uint64_t table() const { return table_; }
  // Null if all entries are in memory.
  [[nodiscard]] const std::shared_ptr<const LogArchive>& archive() const { return archive_; }

  // Records `change` under the next sequence. Does nothing if nobody follows the log.
  void Append(Change change);

  // The sequence that the next recorded change gets; at least 1.
  [[nodiscard]] std::uint64_t next_sequence() const;
  // The same if somebody follows the log, so that the next change is recorded; else 0.
  [[nodiscard]] std::uint64_t recorded_next() const;
  // The oldest sequence still kept; next_sequence() if the log is empty.
  [[nodiscard]] std::uint64_t first_sequence() const;
  // The same of the entries in memory.
  [[nodiscard]] std::uint64_t first_in_memory() const;

  // Bytes that the log alone keeps in memory: the entries, the images that its table has
  // overwritten and, once OutliveTable was called, those that the table had last.
  [[nodiscard]] std::uint64_t bytes() const;

  // To be called when the table has been deleted or is no longer followed. The log may from then on
  // be all that keeps the images that the table has now, so bytes() counts them, too.
  void OutliveTable();

  // Some of the oldest entries, and about how many bytes are freed with them.
  struct Share {
    std::uint64_t end = 0;  // the sequence after the last of them
    std::uint64_t bytes = 0;
  };
  // Of the entries in memory, those from `from` on that were written at `until` or before, but no
  // more than it takes to free `bytes`.
  [[nodiscard]] Share OldestShare(std::uint64_t from, Micros until, std::uint64_t bytes) const;
  // Leaves the entries before `end` to the archive, as far as it has them. Only with an archive.
  void LeaveToArchive(std::uint64_t end);

  // Calls `visit` for the changes in [from, to) that are still kept, in order, until it returns
  // false. Writers do not wait for it: entries never change, and the log grows at its end. Fails
  // with kChangeUnreadable, only with an archive; some changes may then have been visited.
  using Visit = LogArchive::Visit;
  Outcome<void> Read(std::uint64_t from, std::uint64_t to, const Visit& visit) const;

  // The sequence of the first kept change at or after `time`; next_sequence() if there is none. An
  // earlier one, if it cannot be read which are older.
  [[nodiscard]] std::uint64_t FirstSequenceSince(Micros time) const;

  // Calls `wake` once, as soon as the log has a change with the sequence `seen_to` or a later one.
  // `seen_to` is where the reader would go on. If there is such a change already, `wake` is called
  // at once; else by the writer, on its thread and under the table's lock, so it should only notify
  // somebody. If WakeAll comes first, that calls it. Once the LogWait is destroyed, no call begins,
  // but one may still be under way.
  [[nodiscard]] LogWait WakeAfter(std::uint64_t seen_to, std::function<void()> wake);
  // Calls `wake` of all who wait, because something happened that is not a change, such as the end
  // of a stream.
  void WakeAll();

  // Starts to follow the log: all changes appended from now on are kept until the hold releases
  // them.
  [[nodiscard]] LogHold Follow();
  // A hold as one that followed the log from `keep_from` on; without `following`, one that has
  // stopped to follow it.
  [[nodiscard]] LogHold Hold(std::uint64_t keep_from, bool following);

 private:
  friend class LogHold;
  friend class LogWait;
  static constexpr std::size_t kChunkSize = 256;
  // Each entry is at (its sequence - 1) modulo the size. The first `released` entries have been
  // trimmed and are empty.
  struct Chunk {
    std::array<Change, kChunkSize> changes;
    std::size_t released = 0;
    std::bitset<kChunkSize> counts_after;   // entries whose new image counts in `bytes`
    std::uint64_t bytes = sizeof(changes);  // with the images that the log alone keeps

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
  // The first change since any time in (after, until], or where it was before it was trimmed.
  struct Since {
    Micros after{0};
    Micros until{0};
    std::uint64_t sequence = 0;
  };
  struct Sleeper {
    std::uint64_t number = 0;
    std::function<void()> wake;
  };

  // Records the change, and returns the sleepers to wake.
  [[nodiscard]] std::vector<Sleeper> Add(Change change);

  // Does OutliveTable's work for the chunk of the entry `from`, and moves `from` past that chunk;
  // false if there is no such entry. `overwritten` has the identities of the images that count
  // elsewhere, sorted.
  bool CountNewImages(const std::vector<const void*>& overwritten, std::uint64_t& from);

  // Removes and returns the chunks that no hold needs, for the caller to free after it has
  // unlocked. Throws nothing.
  [[nodiscard]] Dropped TrimLocked() WEIR_REQUIRES(mutex_);
  // How many chunks at the front nobody needs any more.
  [[nodiscard]] std::size_t CountUnneeded() const WEIR_REQUIRES(mutex_);
  static Dropped RoomFor(std::size_t count);
  // Frees the images of the trimmed entries of the first chunk. Readers may be using the chunk, so
  // it is not changed: a copy without those images takes its place, and the old one goes to
  // `dropped`.
  void ReleaseImages(Dropped& dropped) WEIR_REQUIRES(mutex_);
  void AddBytes(std::uint64_t bytes) WEIR_REQUIRES(mutex_);
  void RemoveBytes(std::uint64_t bytes) WEIR_REQUIRES(mutex_);
  [[nodiscard]] bool IsFollowed() const WEIR_REQUIRES(mutex_);
  [[nodiscard]] const Change& AtLocked(std::uint64_t sequence) const WEIR_REQUIRES(mutex_);
  [[nodiscard]] std::uint64_t FirstInMemorySince(Micros time) const WEIR_REQUIRES(mutex_);

  const std::shared_ptr<LogBudget> budget_;
  const std::shared_ptr<const LogArchive> archive_;
  const std::uint64_t table_;
  mutable Mutex mutex_;
  // Entries [first_, next_) are valid, those from in_memory_ on are in the chunks. Chunk 0 holds
  // those from chunk_base_ on. Every chunk starts at a sequence that is 1 more than a multiple of
  // its size.
  Chunks chunks_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t chunk_base_ WEIR_GUARDED_BY(mutex_) = 1;
  std::uint64_t first_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t in_memory_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t bytes_ WEIR_GUARDED_BY(mutex_) = 0;  // of all chunks
  // What was read from the archive last: the same is asked for again and again.
  mutable Since since_ WEIR_GUARDED_BY(mutex_);
  Holds holds_ WEIR_GUARDED_BY(mutex_);
  std::vector<Sleeper> sleepers_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t latest_sleeper_ WEIR_GUARDED_BY(mutex_) = 0;
};

// Somebody's claim on a log. Its destructor releases what it holds. Movable; not thread-safe
// itself.
class LogHold {
 public:
  LogHold() = default;
  LogHold(LogHold&& other) noexcept;
  LogHold& operator=(LogHold&& other) noexcept;
  ~LogHold() { Release(); }

  // Entries before `sequence` are no longer needed.
  void KeepFrom(std::uint64_t sequence);
  // Later changes are not needed; those held so far are still kept.
  void StopFollowing();

 private:
  friend class ChangeLog;
  LogHold(std::shared_ptr<ChangeLog> log, ChangeLog::Holds::iterator state)
      : log_(std::move(log)), state_(state) {}
  void Release();

  std::shared_ptr<ChangeLog> log_;
  ChangeLog::Holds::iterator state_;
};

// Somebody's wait for a log's next change. Its destructor ends the wait. Movable; not thread-safe
// itself.
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
