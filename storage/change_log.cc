// SPDX-License-Identifier: Apache-2.0
#include "storage/change_log.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace weir::storage {

void ChangeLog::Append(Change change) {
  for (const Sleeper& sleeper : Add(std::move(change))) {
    sleeper.wake();
  }
}

std::vector<ChangeLog::Sleeper> ChangeLog::Add(Change change) {
  const MutexLock lock(mutex_);
  const bool followed = std::any_of(holds_.begin(), holds_.end(),
                                    [](const HoldState& hold) { return hold.following; });
  if (!followed) {
    return {};
  }
  if (chunks_.empty()) {
    chunk_base_ = next_ - (next_ - 1) % kChunkSize;
  }
  const std::uint64_t index = next_ - chunk_base_;
  if (index / kChunkSize == chunks_.size()) {
    chunks_.push_back(std::make_shared<Chunk>());
    bytes_ += chunks_.back()->bytes;
  }
  change.sequence = next_;
  chunks_.back()->bytes += change.before.aws_size();
  bytes_ += change.before.aws_size();
  chunks_.back()->changes[index % kChunkSize] = std::move(change);
  ++next_;
  return std::exchange(sleepers_, {});
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

std::uint64_t ChangeLog::bytes() const {
  const MutexLock lock(mutex_);
  return bytes_;
}

std::uint64_t ChangeLog::FirstSequenceWithin(std::uint64_t bytes) const {
  const MutexLock lock(mutex_);
  std::uint64_t first = first_;
  std::uint64_t left = bytes_;
  for (std::size_t i = 0; i < chunks_.size() && left > bytes; ++i) {
    left -= chunks_[i]->bytes;
    first = std::min(chunk_base_ + (i + 1) * kChunkSize, next_);
  }
  return first;
}

void ChangeLog::Read(std::uint64_t from, std::uint64_t to,
                     const std::function<bool(const Change&)>& visit) const {
  while (true) {
    // One chunk at a time is taken under the lock and read without it.
    std::shared_ptr<Chunk> chunk;
    std::uint64_t chunk_end = 0;
    {
      const MutexLock lock(mutex_);
      from = std::max(from, first_);
      to = std::min(to, next_);
      if (from >= to) {
        return;
      }
      const std::uint64_t index = (from - chunk_base_) / kChunkSize;
      chunk = chunks_[index];
      chunk_end = std::min(to, chunk_base_ + (index + 1) * kChunkSize);
    }
    for (; from < chunk_end; ++from) {
      // Chunks start at sequences that are 1 more than a multiple of their size.
      if (!visit(chunk->changes[(from - 1) % kChunkSize])) {
        return;
      }
    }
  }
}

const Change& ChangeLog::AtLocked(std::uint64_t sequence) const {
  const std::uint64_t index = sequence - chunk_base_;
  return chunks_[index / kChunkSize]->changes[index % kChunkSize];
}

std::uint64_t ChangeLog::FirstSequenceSince(Micros time) const {
  const MutexLock lock(mutex_);
  std::uint64_t low = first_;
  std::uint64_t high = next_;
  // Mostly asked for what was written 24 hours ago, and before that there was nothing.
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

LogHold ChangeLog::Follow() {
  const MutexLock lock(mutex_);
  return {shared_from_this(), holds_.insert(holds_.end(), HoldState{next_, true})};
}

ChangeLog::Chunks ChangeLog::TrimLocked() {
  std::uint64_t keep_from = next_;
  for (const HoldState& hold : holds_) {
    keep_from = std::min(keep_from, hold.keep_from);
  }
  first_ = std::max(first_, keep_from);
  Chunks dropped;
  while (!chunks_.empty() && (first_ == next_ || chunk_base_ + kChunkSize <= first_)) {
    bytes_ -= chunks_.front()->bytes;
    dropped.push_back(std::move(chunks_.front()));
    chunks_.pop_front();
    chunk_base_ += kChunkSize;
  }
  return dropped;
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
    ChangeLog::Chunks dropped;  // freed when the lock is gone
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
    ChangeLog::Chunks dropped;
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
