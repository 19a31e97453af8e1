// SPDX-License-Identifier: Apache-2.0
// Journal: what happened, row by row, in a folder.
//
//   journal-<20 digits>   rows (storage/disk/rows.h) from the number in its name on
//   durable               two slots of `number check`, 512 bytes apart: up to which row the journal
//                         is known to be on the disk. A journal that ends before that is damaged;
//                         one that ends later, in a torn row, was only cut off. This file itself is
//                         synced once a second at most, so after a power cut it may be that late.
//
// Rows of a file that have the number of the next file's first row, or a greater one, do not count:
// their sync failed, and the next file has them again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "storage/disk/files.h"
#include "storage/disk/log_index.h"
#include "storage/disk/rows.h"
#include "storage/fault.h"

namespace weir::storage {

// When a row is on the disk for good: before its request is answered, a while later, or whenever
// the system likes.
enum class Durability : std::uint8_t { kAlways, kInterval, kOff };

struct JournalOptions {
  Durability durability = Durability::kInterval;
  // Of real time, between two syncs with kInterval, or two writes with kOff.
  std::chrono::milliseconds interval{100};
  // How large a file gets, about, before the next one is begun.
  std::size_t segment_bytes = std::size_t{64} << 20U;
  // How long the journal waits after a failed write until it tries again.
  std::chrono::milliseconds retry_pause{1000};
};

// A file of the journal.
struct Segment {
  std::string name;
  std::uint64_t first = 0;  // the number of its first row
  Micros latest{0};         // no change in it was made later
};

// "journal-00000000000000000001".
std::string JournalName(std::uint64_t first);
inline constexpr std::string_view kJournalPrefix = "journal-";
inline constexpr std::string_view kMarkName = "durable";

// A slot of the mark.
std::string MarkOf(std::uint64_t number);
// The number that the folder's mark has; 0 if there is no mark, or none that is whole.
Io<std::uint64_t> ReadMark(const Files& files);

// Thread-safe. A thread of its own writes the rows, many with one sync, while others append.
class Journal {
 public:
  // Where a journal begins: with a new file, which has the row `next` first. `mark` is the file of
  // the mark, which has the row before that.
  struct Start {
    std::uint64_t data_set = 0;
    std::uint64_t next = 1;
    std::unique_ptr<File> mark;
  };
  // `index` gets to know of what is written. `files` and `index` must outlive it.
  Journal(Files& files, LogIndex& index, Start start, JournalOptions options);
  ~Journal() { Close(); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Whether rows are taken. Fails with kDataFolderFails while the folder cannot be written, and
  // after waiting for a while with kDataFolderBusy if far too much waits to be written. Who has
  // asked may append, whatever happens then: what cannot be written stays in memory and is tried
  // again.
  [[nodiscard]] Outcome<void> CheckWritable();
  // The same without waiting.
  [[nodiscard]] bool writable() const;

  // Appends a row and returns its number. To be called under the lock of what the row is about, so
  // that the rows are in the order in which things happen. `time`: when the row's changes were
  // made.
  std::uint64_t Append(RowKind kind, std::string_view payload, Micros time = Micros(0));
  // The number of the newest row.
  [[nodiscard]] std::uint64_t last() const { return last_.load(std::memory_order_acquire); }

  [[nodiscard]] Durability durability() const { return options_.durability; }
  [[nodiscard]] bool IsDurable(std::uint64_t number) const {
    return number <= durable_.load(std::memory_order_acquire);
  }
  // Calls `done` once: with true when the row is durable, or with false if that failed or the
  // journal is closed. Calls it at once or later on the journal's thread.
  using Done = std::function<void(bool durable)>;
  void Await(std::uint64_t number, Done done);
  // Waits until all rows appended before are synced, whatever the durability, and in the index;
  // false if that failed.
  bool Flush();
  // The same, but with kOff they are only written.
  bool Write();

  // Writes and syncs what was appended, once more if it fails, and takes no more rows: what is
  // appended later is lost. For the end, and for a reset.
  void Close();

  // Why the latest write failed; empty if it did not.
  [[nodiscard]] std::string failure() const;
  // The number of the last row that is synced.
  [[nodiscard]] std::uint64_t synced() const { return synced_.load(std::memory_order_acquire); }
  // The bytes appended by this process.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  // Adds files of an earlier process, the oldest first, for Drop.
  void Adopt(std::vector<Segment> segments);
  // Has the next rows go to a new file, so that the present one can be dropped some day.
  void BeginSegment();
  // Removes the oldest files, as far as they have no row after `number` and no change made at
  // `needed` or later. What cannot be removed now is tried again by the next call.
  Io<void> Drop(std::uint64_t number, Micros needed);

 private:
  // Rows that are to be written together.
  struct Block {
    std::string bytes;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Micros latest{0};
    // Where the rows were written last, if they were.
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
  };
  struct Waiter {
    std::uint64_t number = 0;
    Done done;
  };
  enum class State : std::uint8_t { kOpen, kClosing, kClosed };

  void Run();
  // Waits for rows to write, and moves them to `unsynced_`; false when the journal closes.
  bool TakeBlocks();
  // Writes `unsynced_` and, if `sync`, syncs it.
  Io<void> WriteBlocks(bool sync);
  Io<void> TryToWrite(bool sync);
  Io<void> OpenSegment(const Block& block);
  // Syncs what was written, all of it.
  Io<void> SyncWritten();
  Io<void> WriteMark(std::uint64_t number);
  // Ends the present file; the next row begins a new one.
  void LeaveSegment();
  bool AwaitRows(std::uint64_t number, bool synced);
  // Saves the indexes of the files that get no more rows.
  void SaveIndexes();
  void Settle(const Io<void>& outcome);
  [[nodiscard]] bool IsTimeToWrite() const WEIR_REQUIRES(mutex_);

  Files& files_;
  LogIndex& index_;
  const std::uint64_t data_set_;
  const JournalOptions options_;

  std::atomic<std::uint64_t> last_;
  std::atomic<std::uint64_t> durable_;  // synced, or with kOff only written
  std::atomic<std::uint64_t> synced_;
  std::atomic<std::uint64_t> indexed_;  // as durable_, and in the index
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<bool> failing_{false};
  std::atomic<std::size_t> waiting_bytes_{0};  // appended and not yet written

  mutable Mutex mutex_;
  ConditionVariable appended_;
  ConditionVariable written_;
  std::deque<Block> blocks_ WEIR_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point oldest_ WEIR_GUARDED_BY(mutex_);  // of blocks_
  std::vector<Waiter> waiters_ WEIR_GUARDED_BY(mutex_);
  bool flush_ WEIR_GUARDED_BY(mutex_) = false;  // write and sync now
  bool write_ WEIR_GUARDED_BY(mutex_) = false;  // write now
  bool next_segment_ WEIR_GUARDED_BY(mutex_) = false;
  std::string failure_ WEIR_GUARDED_BY(mutex_);  // of the latest write, if that failed
  std::vector<Segment> segments_ WEIR_GUARDED_BY(mutex_);
  State state_ WEIR_GUARDED_BY(mutex_) = State::kOpen;

  // Of the journal's thread alone.
  std::deque<Block> unsynced_;
  std::size_t written_blocks_ = 0;  // of `unsynced_`, in the present file
  bool syncs_ = true;               // whether the next write is synced
  std::unique_ptr<File> segment_;
  std::uint64_t segment_first_ = 0;  // the number of its first row
  std::uint64_t segment_size_ = 0;
  std::vector<std::uint64_t> ended_segments_;          // whose indexes are to be saved
  std::uint64_t written_to_ = 0;                       // the last row that was written
  std::vector<std::unique_ptr<File>> unsynced_files_;  // those before `segment_`, with kOff
  // With kOff: a sync failed, and rows that are no longer in memory may be lost. Nothing can make
  // that good in this process, so it takes no more writes.
  std::optional<IoError> broken_;
  const std::unique_ptr<File> mark_;
  unsigned mark_slot_ = 1;  // the next to be written
  std::chrono::steady_clock::time_point mark_synced_;

  std::thread thread_;  // last: it uses all members above
};

}  // namespace weir::storage
