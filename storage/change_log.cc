// SPDX-License-Identifier: Apache-2.0
#include "storage/change_log.h"

#include <algorithm>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace weir::storage {
namespace {

// How many bytes of trimmed images are worth a copy of their chunk's other entries.
constexpr std::uint64_t kWorthReleasing = std::uint64_t{4} << 10U;

}  // namespace

ChangeLog::~ChangeLog() {
  const MutexLock lock(mutex_);
  RemoveBytes(bytes_);
}

void ChangeLog::AddBytes(std::uint64_t bytes) {
  bytes_ += bytes;
  if (budget_ != nullptr) {
    budget_->Add(bytes);
  }
}

void ChangeLog::RemoveBytes(std::uint64_t bytes) {
  bytes_ -= bytes;
  if (budget_ != nullptr) {
    budget_->Remove(bytes);
  }
}

void ChangeLog::Append(Change change) {
  for (const Sleeper& sleeper : Add(std::move(change))) {
    sleeper.wake();
  }
}

std::vector<ChangeLog::Sleeper> ChangeLog::Add(Change change) {
  const MutexLock lock(mutex_);
  if (!IsFollowed()) {
    return {};
  }
  if (chunks_.empty()) {
    chunk_base_ = next_ - (next_ - 1) % kChunkSize;
  }
  const std::uint64_t index = next_ - chunk_base_;
  std::uint64_t added = change.before.memory_size();
  if (index / kChunkSize == chunks_.size()) {
    chunks_.push_back(std::make_shared<Chunk>());
    added += chunks_.back()->bytes;
  }
  change.sequence = next_;
  chunks_.back()->bytes += change.before.memory_size();
  chunks_.back()->changes[index % kChunkSize] = std::move(change);
  ++next_;
  AddBytes(added);
  return std::exchange(sleepers_, {});
}

void ChangeLog::WakeAll() {
  std::vector<Sleeper> sleepers;
  {
    const MutexLock lock(mutex_);
    sleepers.swap(sleepers_);
  }
  for (const Sleeper& sleeper : sleepers) {
    sleeper.wake();
  }
}

LogWait ChangeLog::WakeAfter(std::uint64_t seen_to, std::function<void()> wake) {
  {
    const MutexLock lock(mutex_);
    if (next_ <= seen_to) {
      sleepers_.push_back({++latest_sleeper_, std::move(wake)});
      return {weak_from_this(), latest_sleeper_};
    }
  }
  wake();
  return {};
}

std::uint64_t ChangeLog::next_sequence() const {
  const MutexLock lock(mutex_);
  return next_;
}

std::uint64_t ChangeLog::first_sequence() const {
  const MutexLock lock(mutex_);
  return first_;
}

std::uint64_t ChangeLog::first_in_memory() const {
  const MutexLock lock(mutex_);
  return in_memory_;
}

std::uint64_t ChangeLog::bytes() const {
  const MutexLock lock(mutex_);
  return bytes_;
}

void ChangeLog::OutliveTable() {
  // An image that a later entry overwrote is counted already, as the image before of that entry.
  std::vector<const void*> overwritten;
  const auto visit = [&](const Change& change) {
    if (change.before) {
      overwritten.push_back(change.before.identity());
    }
    return true;
  };
  (void)Read(first_in_memory(), UINT64_MAX, visit).ok();  // what has left memory counts no more
  std::sort(overwritten.begin(), overwritten.end());
  std::uint64_t from = 1;
  while (CountNewImages(overwritten, from)) {
  }
}

bool ChangeLog::CountNewImages(const std::vector<const void*>& overwritten, std::uint64_t& from) {
  const MutexLock lock(mutex_);
  from = std::max(from, in_memory_);
  if (from >= next_) {
    return false;
  }
  Chunk& chunk = *chunks_[(from - chunk_base_) / kChunkSize];
  std::uint64_t added = 0;
  for (std::size_t i = (from - chunk_base_) % kChunkSize; i < kChunkSize && from < next_; ++i) {
    const Item& after = chunk.changes[i].after;
    if (after && !chunk.counts_after[i] &&
        !std::binary_search(overwritten.begin(), overwritten.end(), after.identity())) {
      chunk.counts_after[i] = true;
      added += after.memory_size();
    }
    ++from;
  }
  chunk.bytes += added;
  AddBytes(added);
  return true;
}

ChangeLog::Share ChangeLog::OldestShare(std::uint64_t from, Micros until,
                                        std::uint64_t bytes) const {
  const MutexLock lock(mutex_);
  Share share{.end = std::max(from, in_memory_), .bytes = 0};
  while (share.end < next_ && share.bytes < bytes) {
    const std::uint64_t index = share.end - chunk_base_;
    const std::size_t place = index % kChunkSize;
    const Chunk& chunk = *chunks_[index / kChunkSize];
    const bool whole = place == 0 && next_ - share.end >= kChunkSize &&
                       share.bytes + chunk.bytes <= bytes && chunk.changes.back().time <= until;
    if (!whole && chunk.changes[place].time > until) {
      break;
    }
    share.bytes += whole ? chunk.bytes : sizeof(Change) + chunk.ImageBytes(place);
    share.end += whole ? kChunkSize : 1;
  }
  return share;
}

void ChangeLog::LeaveToArchive(std::uint64_t end) {
  const std::uint64_t readable = archive_->ReadableTo(table_);
  Dropped dropped;  // freed after the lock is released
  const MutexLock lock(mutex_);
  in_memory_ = std::max(in_memory_, std::min({end, readable, next_}));
  dropped = TrimLocked();
}

Outcome<void> ChangeLog::Read(std::uint64_t from, std::uint64_t to, const Visit& visit) const {
  bool more = true;
  const auto visit_one = [&](const Change& change) { return more = visit(change); };
  std::uint64_t missing = 0;  // what the archive did not have
  while (more) {
    // One chunk at a time is taken under the lock and read without it.
    std::shared_ptr<Chunk> chunk;
    std::uint64_t end = 0;
    {
      const MutexLock lock(mutex_);
      from = std::max(from, first_);
      to = std::min(to, next_);
      if (from >= to) {
        return {};
      }
      if (from < in_memory_) {
        end = std::min(to, in_memory_);
      } else {
        const std::uint64_t index = (from - chunk_base_) / kChunkSize;
        chunk = chunks_[index];
        end = std::min(to, chunk_base_ + (index + 1) * kChunkSize);
      }
    }
    if (chunk == nullptr) {
      if (from == missing) {
        return Fault(Fault::Kind::kChangeUnreadable,
                     "change " + std::to_string(from) + " is in no file");
      }
      WEIR_ASSIGN_OR_RETURN(from, archive_->Read(table_, from, end, visit_one));
      missing = from < end ? from : 0;
      continue;
    }
    for (; more && from < end; ++from) {
      // Chunks start at sequences that are 1 more than a multiple of their size.
      visit_one(chunk->changes[(from - 1) % kChunkSize]);
    }
  }
  return {};
}

const Change& ChangeLog::AtLocked(std::uint64_t sequence) const {
  const std::uint64_t index = sequence - chunk_base_;
  return chunks_[index / kChunkSize]->changes[index % kChunkSize];
}

std::uint64_t ChangeLog::FirstSequenceSince(Micros time) const {
  std::uint64_t first = 0;
  std::uint64_t in_memory = 0;
  {
    const MutexLock lock(mutex_);
    first = first_;
    in_memory = in_memory_;
    if (first == in_memory || (in_memory < next_ && AtLocked(in_memory).time < time)) {
      return FirstInMemorySince(time);
    }
    if (since_.after < time && time <= since_.until) {
      return std::max(first, since_.sequence);
    }
  }
  const LogArchive::Range range = archive_->Since(table_, time);
  const std::uint64_t end = std::clamp(range.end, first, in_memory);
  Since found{.after = time - Micros(1), .until = time, .sequence = end};
  std::uint64_t older = std::clamp(range.begin, first, end);  // before this, all are
  const auto visit = [&](const Change& change) {
    if (change.time < time) {
      found.after = change.time;
      older = change.sequence + 1;
      return true;
    }
    found.until = change.time;
    found.sequence = change.sequence;
    return false;
  };
  if (!archive_->Read(table_, older, end, visit).ok()) {
    return older;
  }
  const MutexLock lock(mutex_);
  since_ = found;
  return found.sequence;
}

std::uint64_t ChangeLog::FirstInMemorySince(Micros time) const {
  std::uint64_t low = in_memory_;
  std::uint64_t high = next_;
  // Most calls ask for what was written since 24 hours ago, and mostly nothing older is kept.
  if (low < high && AtLocked(low).time >= time) {
    return low;
  }
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (AtLocked(middle).time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool ChangeLog::IsFollowed() const {
  return std::any_of(holds_.begin(), holds_.end(),
                     [](const HoldState& hold) { return hold.following; });
}

std::uint64_t ChangeLog::recorded_next() const {
  const MutexLock lock(mutex_);
  return IsFollowed() ? next_ : 0;
}

LogHold ChangeLog::Hold(std::uint64_t keep_from, bool following) {
  const MutexLock lock(mutex_);
  return {shared_from_this(), holds_.insert(holds_.end(), HoldState{keep_from, following})};
}

LogHold ChangeLog::Follow() {
  const MutexLock lock(mutex_);
  return {shared_from_this(), holds_.insert(holds_.end(), HoldState{next_, true})};
}

std::size_t ChangeLog::CountUnneeded() const {
  return in_memory_ == next_ ? chunks_.size()
                             : std::min(chunks_.size(), (in_memory_ - chunk_base_) / kChunkSize);
}

// An empty list with room for `count` chunks. If there is no memory for that, it has no room, and
// the chunks are freed under the lock instead.
ChangeLog::Dropped ChangeLog::RoomFor(std::size_t count) {
  Dropped dropped;
  try {
    dropped.reserve(count);
  } catch (const std::bad_alloc&) {
    return {};
  }
  return dropped;
}

ChangeLog::Dropped ChangeLog::TrimLocked() {
  std::uint64_t keep_from = next_;
  for (const HoldState& hold : holds_) {
    keep_from = std::min(keep_from, hold.keep_from);
  }
  first_ = std::max(first_, keep_from);
  in_memory_ = std::max(in_memory_, first_);
  std::size_t unneeded = CountUnneeded();
  Dropped dropped = RoomFor(unneeded + 1);
  for (; unneeded > 0; --unneeded) {
    RemoveBytes(chunks_.front()->bytes);
    if (dropped.size() < dropped.capacity()) {
      dropped.push_back(std::move(chunks_.front()));
    }
    chunks_.pop_front();
    chunk_base_ += kChunkSize;
  }
  if (!chunks_.empty() && dropped.size() < dropped.capacity()) {
    ReleaseImages(dropped);
  }
  return dropped;
}

void ChangeLog::ReleaseImages(Dropped& dropped) {
  const Chunk& chunk = *chunks_.front();
  const std::size_t released = in_memory_ > chunk_base_ ? in_memory_ - chunk_base_ : 0;
  std::uint64_t bytes = 0;
  for (std::size_t i = chunk.released; i < released; ++i) {
    bytes += chunk.ImageBytes(i);
  }
  if (bytes < kWorthReleasing) {
    return;
  }
  std::shared_ptr<Chunk> rest;
  try {
    rest = std::make_shared<Chunk>();
  } catch (const std::bad_alloc&) {  // the images are freed with their chunk
    return;
  }
  std::copy(chunk.changes.begin() + static_cast<std::ptrdiff_t>(released), chunk.changes.end(),
            rest->changes.begin() + static_cast<std::ptrdiff_t>(released));
  rest->released = released;
  rest->counts_after = chunk.counts_after;
  rest->bytes = chunk.bytes - bytes;
  RemoveBytes(bytes);
  dropped.push_back(std::exchange(chunks_.front(), std::move(rest)));
}

LogHold::LogHold(LogHold&& other) noexcept
    : log_(std::exchange(other.log_, nullptr)), state_(other.state_) {}

LogHold& LogHold::operator=(LogHold&& other) noexcept {
  if (this != &other) {
    Release();
    log_ = std::exchange(other.log_, nullptr);
    state_ = other.state_;
  }
  return *this;
}

void LogHold::KeepFrom(std::uint64_t sequence) {
  if (log_ != nullptr) {
    ChangeLog::Dropped dropped;  // freed after the lock is released
    const MutexLock lock(log_->mutex_);
    state_->keep_from = std::max(state_->keep_from, sequence);
    dropped = log_->TrimLocked();
  }
}

void LogHold::StopFollowing() {
  if (log_ != nullptr) {
    const MutexLock lock(log_->mutex_);
    state_->following = false;
  }
}

void LogHold::Release() {
  if (log_ != nullptr) {
    ChangeLog::Dropped dropped;
    const MutexLock lock(log_->mutex_);
    log_->holds_.erase(state_);
    dropped = log_->TrimLocked();
  }
  log_ = nullptr;
}

LogWait::LogWait(LogWait&& other) noexcept
    : log_(std::exchange(other.log_, {})), number_(other.number_) {}

LogWait& LogWait::operator=(LogWait&& other) noexcept {
  if (this != &other) {
    End();
    log_ = std::exchange(other.log_, {});
    number_ = other.number_;
  }
  return *this;
}

void LogWait::End() {
  if (const std::shared_ptr<ChangeLog> log = log_.lock()) {
    const MutexLock lock(log->mutex_);
    std::erase_if(log->sleepers_,
                  [this](const ChangeLog::Sleeper& sleeper) { return sleeper.number == number_; });
  }
  log_.reset();
}

}  // namespace weir::storage
