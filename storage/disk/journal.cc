// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/journal.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "core/memory_reserve.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::storage {
namespace {

// A block takes no more rows once it has this many bytes, so that no append copies much.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;
// With more bytes than this in memory, those who write wait; and how long at most.
constexpr std::size_t kMostWaitingBytes = std::size_t{64} << 20U;
constexpr std::chrono::seconds kLongestWait{5};
// With kInterval and kOff, rows are written earlier if there are so many bytes of them.
constexpr std::size_t kWorthWriting = std::size_t{4} << 20U;

constexpr std::size_t kSlotDistance = 512;
constexpr std::size_t kSlotBytes = 16;

constexpr std::chrono::seconds kMarkPeriod{1};

}  // namespace

std::string MarkOf(std::uint64_t number) {
  std::string slot(kSlotBytes, '\0');
  const std::uint64_t check = XXH3_64bits(&number, sizeof number);
  std::memcpy(slot.data(), &number, sizeof number);
  std::memcpy(slot.data() + sizeof number, &check, sizeof check);
  return slot;
}

std::string JournalName(std::uint64_t first) {
  return NumberedName(kJournalPrefix, first);
}

Io<std::uint64_t> ReadMark(const Files& files) {
  WEIR_ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List());
  std::uint64_t mark = 0;
  if (!std::binary_search(names.begin(), names.end(), kMarkName)) {
    return mark;
  }
  WEIR_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(kMarkName));
  for (const std::size_t slot : {std::size_t{0}, std::size_t{1}}) {
    std::string bytes;
    WEIR_RETURN_IF_ERROR(file->ReadAt(slot * kSlotDistance, kSlotBytes, bytes));
    if (bytes.size() == kSlotBytes) {
      std::uint64_t number = 0;
      std::memcpy(&number, bytes.data(), sizeof number);
      mark = bytes == MarkOf(number) ? std::max(mark, number) : mark;
    }
  }
  return mark;
}

Journal::Journal(Files& files, LogIndex& index, Start start, JournalOptions options)
    : files_(files),
      index_(index),
      data_set_(start.data_set),
      options_(options),
      last_(start.next - 1),
      durable_(start.next - 1),
      synced_(start.next - 1),
      indexed_(start.next - 1),
      written_to_(start.next - 1),
      mark_(std::move(start.mark)),
      mark_synced_(std::chrono::steady_clock::now()),
      thread_([this] { Run(); }) {}

Outcome<void> Journal::CheckWritable() {
  if (writable()) {
    return {};
  }
  const auto end = std::chrono::steady_clock::now() + kLongestWait;
  const MutexLock lock(mutex_);
  while (waiting_bytes_ > kMostWaitingBytes && !failing_) {
    if (std::chrono::steady_clock::now() >= end) {
      return Fault(Fault::Kind::kDataFolderBusy);
    }
    written_.WaitUntil(mutex_, end);
  }
  return failing_ ? Outcome<void>(Fault(Fault::Kind::kDataFolderFails, failure_)) : Outcome<void>();
}

bool Journal::writable() const {
  return !failing_.load(std::memory_order_acquire) &&
         waiting_bytes_.load(std::memory_order_relaxed) <= kMostWaitingBytes;
}

std::string Journal::failure() const {
  const MutexLock lock(mutex_);
  return failure_;
}

std::uint64_t Journal::Append(RowKind kind, std::string_view payload, Micros time) {
  const MutexLock lock(mutex_);
  const std::uint64_t number = last_ + 1;
  if (state_ != State::kOpen) {
    return number;
  }
  const std::size_t size = kRowHeaderBytes + payload.size();
  const bool first = blocks_.empty();
  // What may fail for lack of memory comes before anything is changed.
  if (first || blocks_.back().bytes.size() > kBlockBytes) {
    Block next;
    next.first = number;
    next.bytes.reserve(size);
    blocks_.push_back(std::move(next));
  } else if (std::string& bytes = blocks_.back().bytes; bytes.capacity() - bytes.size() < size) {
    bytes.reserve(std::max(2 * bytes.capacity(), bytes.size() + size));
  }
  Block& block = blocks_.back();
  AppendRow({.kind = kind, .number = number, .payload = payload}, data_set_, block.bytes);
  block.last = number;
  block.latest = std::max(block.latest, time);
  last_.store(number, std::memory_order_release);
  bytes_.fetch_add(size, std::memory_order_relaxed);
  const std::size_t waiting = waiting_bytes_ += size;
  if (first) {
    oldest_ = std::chrono::steady_clock::now();
  }
  if (first || waiting > kWorthWriting) {
    appended_.NotifyOne();
  }
  return number;
}

void Journal::Await(std::uint64_t number, Done done) {
  bool durable = false;
  {
    const MutexLock lock(mutex_);
    durable = IsDurable(number);
    if (!durable && state_ == State::kOpen && !failing_) {
      waiters_.push_back({number, std::move(done)});
      return;
    }
  }
  done(durable);
}

bool Journal::Flush() {
  return AwaitRows(last(), true);
}

bool Journal::Write() {
  return AwaitRows(last(), options_.durability != Durability::kOff);
}

bool Journal::AwaitRows(std::uint64_t number, bool synced) {
  const MutexLock lock(mutex_);
  const auto done = [&] { return indexed_ >= number && (!synced || synced_ >= number); };
  while (!done() && !failing_ && state_ != State::kClosed) {
    (synced ? flush_ : write_) = true;
    appended_.NotifyOne();
    written_.Wait(mutex_);
  }
  return done();
}

void Journal::Close() {
  {
    const MutexLock lock(mutex_);
    if (state_ != State::kOpen) {
      return;
    }
    state_ = State::kClosing;
    appended_.NotifyOne();
  }
  thread_.join();
}

void Journal::BeginSegment() {
  const MutexLock lock(mutex_);
  next_segment_ = true;
}

void Journal::Adopt(std::vector<Segment> segments) {
  const MutexLock lock(mutex_);
  segments_.insert(segments_.begin(), std::make_move_iterator(segments.begin()),
                   std::make_move_iterator(segments.end()));
}

Io<void> Journal::Drop(std::uint64_t number, Micros needed) {
  while (true) {
    std::string name;
    std::uint64_t first = 0;
    {
      const MutexLock lock(mutex_);
      const bool unneeded = segments_.size() > 1 && segments_[1].first <= number + 1 &&
                            segments_.front().latest < needed;
      if (!unneeded) {
        return {};
      }
      name = segments_.front().name;
      first = segments_.front().first;
    }
    index_.Drop(first);
    // One at a time, so that a crash can't bring back a file without the ones after it.
    WEIR_RETURN_IF_ERROR(files_.Remove(IndexName(first)));
    WEIR_RETURN_IF_ERROR(files_.Remove(name));
    WEIR_RETURN_IF_ERROR(files_.SyncNames());
    const MutexLock lock(mutex_);
    segments_.erase(segments_.begin());
  }
}

void Journal::Run() {
  const MemoryReserve::MustNotFail all;  // nobody else would write the rows
  while (TakeBlocks()) {
    Settle(WriteBlocks(syncs_));
  }
  Io<void> rest = WriteBlocks(true);
  if (!rest.ok()) {
    rest = WriteBlocks(true);
  }
  LeaveSegment();
  Settle(rest);
  std::vector<Waiter> waiters;
  {
    const MutexLock lock(mutex_);
    state_ = State::kClosed;
    failing_ = true;
    failure_ = failure_.empty() ? "the folder is closed" : failure_;
    waiters.swap(waiters_);
    written_.NotifyAll();
  }
  for (const Waiter& waiter : waiters) {
    waiter.done(false);
  }
}

bool Journal::IsTimeToWrite() const {
  if (state_ != State::kOpen || flush_ || write_) {
    return true;
  }
  if (blocks_.empty() || failing_) {
    return false;
  }
  return options_.durability == Durability::kAlways || waiting_bytes_ > kWorthWriting ||
         std::chrono::steady_clock::now() >= oldest_ + options_.interval;
}

bool Journal::TakeBlocks() {
  const MutexLock lock(mutex_);
  const auto retry = std::chrono::steady_clock::now() + options_.retry_pause;
  while (!IsTimeToWrite()) {
    if (failing_) {
      appended_.WaitUntil(mutex_, retry);
      if (std::chrono::steady_clock::now() >= retry) {
        break;
      }
    } else if (blocks_.empty()) {
      appended_.Wait(mutex_);
    } else {
      appended_.WaitUntil(mutex_, oldest_ + options_.interval);
    }
  }
  syncs_ = options_.durability != Durability::kOff || flush_;
  flush_ = false;
  write_ = false;
  unsynced_.insert(unsynced_.end(), std::make_move_iterator(blocks_.begin()),
                   std::make_move_iterator(blocks_.end()));
  blocks_.clear();
  if (std::exchange(next_segment_, false)) {
    LeaveSegment();
  }
  return state_ == State::kOpen;
}

Io<void> Journal::OpenSegment(const Block& block) {
  // Files with these rows, which are left of a failed write, would count more than the new one.
  while (true) {
    std::string stale;
    {
      const MutexLock lock(mutex_);
      if (segments_.empty() || segments_.back().first < block.first) {
        break;
      }
      stale = segments_.back().name;
    }
    WEIR_RETURN_IF_ERROR(files_.Remove(stale));
    const MutexLock lock(mutex_);
    segments_.pop_back();
  }
  std::string header;
  AppendFileHeader({.data_set = data_set_, .first = block.first}, header);
  const std::string name = JournalName(block.first);
  {
    const MutexLock lock(mutex_);
    segments_.push_back({.name = name, .first = block.first});
  }
  WEIR_ASSIGN_OR_RETURN(std::unique_ptr<File> file, files_.Create(name));
  WEIR_RETURN_IF_ERROR(file->WriteAt(0, header));
  if (options_.durability != Durability::kOff) {
    WEIR_RETURN_IF_ERROR(files_.SyncNames());
  }
  segment_ = std::move(file);
  segment_first_ = block.first;
  segment_size_ = header.size();
  return {};
}

void Journal::LeaveSegment() {
  if (segment_ != nullptr &&
      (ended_segments_.empty() || ended_segments_.back() != segment_first_)) {
    ended_segments_.push_back(segment_first_);
  }
  if (segment_ != nullptr && options_.durability == Durability::kOff) {
    unsynced_files_.push_back(std::move(segment_));
  }
  segment_ = nullptr;
}

Io<void> Journal::WriteBlocks(bool sync) {
  Io<void> outcome = TryToWrite(sync);
  if (!outcome.ok()) {
    // Nothing is known of what the file has, so all goes into a new one.
    LeaveSegment();
    written_blocks_ = 0;
  }
  return outcome;
}

Io<void> Journal::TryToWrite(bool sync) {
  if (broken_.has_value()) {
    return *broken_;
  }
  for (; written_blocks_ < unsynced_.size(); ++written_blocks_) {
    Block& block = unsynced_[written_blocks_];
    if (segment_ == nullptr || segment_size_ > options_.segment_bytes) {
      if (segment_ != nullptr && sync) {
        WEIR_RETURN_IF_ERROR(segment_->Sync());
      }
      LeaveSegment();
      WEIR_RETURN_IF_ERROR(OpenSegment(block));
    }
    WEIR_RETURN_IF_ERROR(segment_->WriteAt(segment_size_, block.bytes));
    block.segment = segment_first_;
    block.offset = segment_size_;
    segment_size_ += block.bytes.size();
    const MutexLock lock(mutex_);
    segments_.back().latest = std::max(segments_.back().latest, block.latest);
  }
  written_to_ = unsynced_.empty() ? written_to_ : unsynced_.back().last;
  if (!sync || written_to_ == synced_) {
    return {};
  }
  Io<void> synced = SyncWritten();
  if (!synced.ok()) {
    if (options_.durability == Durability::kOff) {
      broken_ = synced.error();
    }
    return synced;
  }
  synced_.store(written_to_, std::memory_order_release);
  // The rows are on the disk, whatever becomes of the mark; an older one only promises less.
  (void)WriteMark(written_to_).ok();
  return {};
}

Io<void> Journal::SyncWritten() {
  if (options_.durability == Durability::kOff) {
    for (const std::unique_ptr<File>& file : unsynced_files_) {
      WEIR_RETURN_IF_ERROR(file->Sync());
    }
    WEIR_RETURN_IF_ERROR(files_.SyncNames());
    unsynced_files_.clear();
  }
  return segment_ == nullptr ? Io<void>() : segment_->Sync();
}

Io<void> Journal::WriteMark(std::uint64_t number) {
  WEIR_RETURN_IF_ERROR(mark_->WriteAt(mark_slot_ * kSlotDistance, MarkOf(number)));
  mark_slot_ = 1 - mark_slot_;
  const auto now = std::chrono::steady_clock::now();
  if (now - mark_synced_ >= kMarkPeriod) {
    mark_synced_ = now;
    return mark_->Sync();
  }
  return {};
}

void Journal::SaveIndexes() {
  for (const std::uint64_t first : std::exchange(ended_segments_, {})) {
    if (segment_ != nullptr && first == segment_first_) {
      continue;  // it was made again, and has its end still before it
    }
    // Without an index, the next start reads the file.
    try {
      const MemoryReserve::MayFail here;
      if (const SegmentIndex index = index_.IndexOf(first); index.size != 0) {
        (void)SaveIndex(files_, data_set_, first, index).ok();
      }
    } catch (const std::bad_alloc&) {
      return;
    }
  }
}

void Journal::Settle(const Io<void>& outcome) {
  if (outcome.ok()) {
    for (const Block& block : unsynced_) {
      index_.AddRows(block.segment, block.offset, block.bytes);
    }
    indexed_.store(written_to_, std::memory_order_release);
  }
  std::vector<Waiter> ended;
  std::size_t bytes = 0;
  {
    const MutexLock lock(mutex_);
    failing_ = !outcome.ok();
    failure_ = outcome.ok() ? std::string() : outcome.error().ToString();
    if (outcome.ok() && !unsynced_.empty()) {
      durable_.store(unsynced_.back().last, std::memory_order_release);
      for (const Block& block : unsynced_) {
        bytes += block.bytes.size();
      }
      waiting_bytes_ -= bytes;
    }
    const auto waits = [&](const Waiter& waiter) {
      return outcome.ok() && !IsDurable(waiter.number);
    };
    const auto middle = std::stable_partition(waiters_.begin(), waiters_.end(), waits);
    ended.assign(std::make_move_iterator(middle), std::make_move_iterator(waiters_.end()));
    waiters_.erase(middle, waiters_.end());
    written_.NotifyAll();
  }
  if (outcome.ok()) {
    unsynced_.clear();
    written_blocks_ = 0;
  }
  for (const Waiter& waiter : ended) {
    waiter.done(IsDurable(waiter.number));
  }
  if (outcome.ok()) {
    SaveIndexes();
  }
}

}  // namespace weir::storage
