// SPDX-License-Identifier: Apache-2.0
// DataStore: the engine, the journal and the files of one data folder.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/mutex.h"
#include "storage/disk/data_folder.h"
#include "storage/disk/durable_engine.h"
#include "storage/disk/files.h"
#include "storage/disk/journal.h"
#include "storage/disk/log_index.h"

namespace weir::storage {

// First Load, which may use the engine's spaces, then Start, and then everything else. Load and
// Start are for one thread, all else is thread-safe. Whoever makes one has the folder's FolderLock,
// or its files alone.
class DataStore {
 public:
  DataStore(std::unique_ptr<Files> files, const JournalOptions& options)
      : files_(std::move(files)), options_(options) {}
  ~DataStore() { Close(); }
  DataStore(const DataStore&) = delete;
  DataStore& operator=(const DataStore&) = delete;

  // Shows `visitor` what the folder has.
  Loaded<void> Load(RowVisitor& visitor);
  // Takes over from a store that was closed, with nothing of its data: an empty checkpoint, which
  // comes after all that the folder has. Instead of Load.
  Io<void> Reset(std::uint64_t last);
  // Goes on with the folder as it was loaded. `latest_table`: the greatest table number used.
  Io<void> Start(std::uint64_t latest_table);
  // Ends the journal, once it has written what was appended.
  void Close();

  [[nodiscard]] DurableEngine& engine() { return engine_; }
  [[nodiscard]] Journal& journal() { return *journal_; }
  [[nodiscard]] const Journal& journal() const { return *journal_; }
  [[nodiscard]] const LogIndex& index() const { return *index_; }
  // The checkpoint that counts.
  struct Checkpoint {
    std::uint64_t after = 0;  // the row that it was made after; 0: there is none
    std::uint64_t bytes = 0;
    std::string failure;  // why a later one failed; empty if none did
  };
  [[nodiscard]] Checkpoint checkpoint() const;
  // A random number that the folder keeps until it is reset.
  [[nodiscard]] std::uint64_t data_set() const { return state_.data_set; }
  // Whether the folder has a file of that name.
  [[nodiscard]] bool has_file(std::string_view name) const;
  // What Load found.
  [[nodiscard]] const FolderState& state() const { return state_; }

  // Whether the journal has grown so much since the last checkpoint that reading it would take
  // longer than writing a new one.
  [[nodiscard]] bool IsCheckpointDue() const;
  // Whether the journal since the last checkpoint takes long to read, compared with a checkpoint.
  [[nodiscard]] bool IsCheckpointUseful() const;
  // Makes what `write` adds the checkpoint after the row `after`, and drops the journal before
  // that, but for changes made at `needed` or later. What `write` adds must not have an effect of a
  // row that is appended after this call. Does nothing if there is a later
  // checkpoint. Fails once the store is closed, and if it has not begun at `deadline`.
  using Deadline = std::chrono::steady_clock::time_point;
  using WriteRows = std::function<Io<void>(CheckpointWriter& writer)>;
  Io<void> WriteCheckpoint(std::uint64_t after, Micros needed, Deadline deadline,
                           const WriteRows& write);

 private:
  Io<void> TryToWriteCheckpoint(std::uint64_t after, const WriteRows& write)
      WEIR_REQUIRES(checkpoint_mutex_);

  // The journal's bytes since the last checkpoint was begun.
  [[nodiscard]] std::uint64_t BytesSinceCheckpoint() const {
    return earlier_bytes_ + journal_->bytes() - checkpoint_at_;
  }

  const std::shared_ptr<Files> files_;
  const JournalOptions options_;
  DurableEngine engine_;
  FolderState state_;
  std::shared_ptr<LogIndex> index_;  // logs may outlive the store, and can be read for so long
  std::unique_ptr<Journal> journal_;
  Mutex checkpoint_mutex_;  // held while a checkpoint is written
  bool closed_ WEIR_GUARDED_BY(checkpoint_mutex_) = false;
  mutable Mutex checkpoint_state_mutex_;  // held briefly; if both are taken, this is taken last
  Checkpoint checkpoint_ WEIR_GUARDED_BY(checkpoint_state_mutex_);
  // The size of the last checkpoint, and how much was in the journal after it at the start.
  std::atomic<std::uint64_t> checkpoint_bytes_{0};
  std::atomic<std::uint64_t> earlier_bytes_{0};
  std::atomic<std::uint64_t> checkpoint_at_{0};  // Journal::bytes when one was begun last
};

}  // namespace weir::storage
