// SPDX-License-Identifier: Apache-2.0
#include "storage/disk/data_store.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "storage/data_set.h"

namespace weir::storage {

Loaded<void> DataStore::Load(RowVisitor& visitor) {
  WEIR_ASSIGN_OR_RETURN(state_, LoadFolder(*files_, visitor));
  if (state_.data_set == 0) {
    state_.data_set = NewDataSet();
  }
  return {};
}

bool DataStore::has_file(std::string_view name) const {
  const Io<std::vector<std::string>> names = files_->List();
  return names.ok() &&
         std::find(names.value().begin(), names.value().end(), name) != names.value().end();
}

Io<void> DataStore::Reset(std::uint64_t last) {
  state_ = FolderState();
  state_.data_set = NewDataSet();
  state_.next = last + 1;
  state_.checkpoint = last;
  CheckpointWriter empty(*files_, state_.data_set, last);
  WEIR_RETURN_IF_ERROR(empty.Finish());
  // From here on the old rows do not count.
  WEIR_ASSIGN_OR_RETURN(const std::vector<std::string> names, files_->List());
  for (const std::string& name : names) {
    if (name.starts_with(kJournalPrefix) || name.starts_with(kIndexPrefix)) {
      WEIR_RETURN_IF_ERROR(files_->Remove(name));
    }
  }
  return {};
}

Io<void> DataStore::Start(std::uint64_t latest_table) {
  WEIR_ASSIGN_OR_RETURN(std::unique_ptr<File> mark, SettleFolder(*files_, state_));
  index_ = std::make_shared<LogIndex>(files_, state_.data_set);
  for (const LoadedIndex& loaded : std::exchange(state_.indexes, {})) {
    index_->Add(loaded.first, loaded.index);
    if (!loaded.saved) {  // so that a later start need not read the file again, if that succeeds
      (void)SaveIndex(*files_, state_.data_set, loaded.first, loaded.index).ok();
    }
  }
  journal_ = std::make_unique<Journal>(
      *files_, *index_,
      Journal::Start{.data_set = state_.data_set, .next = state_.next, .mark = std::move(mark)},
      options_);
  journal_->Adopt(std::move(state_.segments));
  checkpoint_bytes_ = state_.checkpoint_bytes;
  {
    const MutexLock lock(checkpoint_state_mutex_);
    checkpoint_ = {.after = state_.checkpoint, .bytes = state_.checkpoint_bytes, .failure = {}};
  }
  earlier_bytes_ = state_.journal_bytes;
  engine_.Start(*journal_, index_, latest_table);
  return {};
}

void DataStore::Close() {
  if (journal_ != nullptr) {
    const MutexLock lock(checkpoint_mutex_);
    closed_ = true;
    journal_->Close();
  }
}

bool DataStore::IsCheckpointDue() const {
  constexpr std::uint64_t kLeast = std::uint64_t{64} << 20U;
  return BytesSinceCheckpoint() > std::max(kLeast, checkpoint_bytes_.load());
}

bool DataStore::IsCheckpointUseful() const {
  constexpr std::uint64_t kLeast = std::uint64_t{16} << 20U;
  return BytesSinceCheckpoint() > std::max(kLeast, checkpoint_bytes_.load() / 4);
}

DataStore::Checkpoint DataStore::checkpoint() const {
  const MutexLock lock(checkpoint_state_mutex_);
  return checkpoint_;
}

Io<void> DataStore::WriteCheckpoint(std::uint64_t after, Micros needed, Deadline deadline,
                                    const WriteRows& write) {
  const MutexLock lock(checkpoint_mutex_);
  if (after < checkpoint().after) {
    return {};
  }
  if (std::chrono::steady_clock::now() > deadline) {
    return IoError{.code = ETIMEDOUT, .what = "begin the checkpoint in time"};
  }
  Io<void> outcome = TryToWriteCheckpoint(after, write);
  {
    const MutexLock state_lock(checkpoint_state_mutex_);
    checkpoint_.failure = outcome.ok() ? std::string() : outcome.error().ToString();
  }
  if (!outcome.ok()) {
    return outcome;
  }
  journal_->BeginSegment();
  return journal_->Drop(after, needed);
}

Io<void> DataStore::TryToWriteCheckpoint(std::uint64_t after, const WriteRows& write) {
  // Whether or not it succeeds: a disk without room for it should not be tried all the time.
  checkpoint_at_ = journal_->bytes();
  earlier_bytes_ = 0;
  // All rows whose effects the checkpoint may have are to be there as well: some of them have
  // effects that it lacks.
  if (closed_ || !journal_->Flush()) {
    return IoError{.code = EIO, .what = "write the journal"};
  }
  CheckpointWriter writer(*files_, state_.data_set, after);
  WEIR_RETURN_IF_ERROR(write(writer));
  WEIR_RETURN_IF_ERROR(writer.Finish());
  checkpoint_bytes_ = writer.bytes();
  const MutexLock lock(checkpoint_state_mutex_);
  checkpoint_ = {.after = after, .bytes = writer.bytes(), .failure = {}};
  return {};
}

}  // namespace weir::storage
