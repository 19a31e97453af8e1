// SPDX-License-Identifier: Apache-2.0
// The data folder: a checkpoint, and the journal since.
//
//   checkpoint-<20 digits>   rows that make the state as it was after the journal's row of that
//                            number; complete if it ends with kEnd, whose payload is that number
//   checkpoint.new           one that is being written
//   journal-…, durable       see storage/disk/journal.h
//   index-…                  see storage/disk/segment_index.h
//   lock                     locked while a server uses the folder; has its process id
//
// What is read is the newest checkpoint, then the rows of the journal after it. Older rows are what
// tables' logs are read from later, so it is enough to have their indexes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "storage/disk/files.h"
#include "storage/disk/journal.h"
#include "storage/disk/rows.h"
#include "storage/disk/segment_index.h"

namespace weir::storage {

// Why a folder cannot be used, for people: names the file and the place in it.
struct FolderFault {
  std::string text;
};

template <class T>
using Loaded = Result<T, FolderFault>;

// Takes the rows of a folder.
class RowVisitor {
 public:
  virtual ~RowVisitor() = default;
  // Takes a row, which is no group; false if it makes no sense. `only_log`: the row is older than
  // the checkpoint.
  [[nodiscard]] virtual bool Visit(const Row& row, bool only_log) = 0;
  // Takes note of rows older than the checkpoint that need not be read. No change in them was made
  // after `latest`.
  virtual void PassOver(Micros latest) = 0;
};

// The index of a file of the journal.
struct LoadedIndex {
  std::uint64_t first = 0;  // the number of the file's first row
  bool saved = false;       // in the folder, as it is
  SegmentIndex index;
};

// Bytes of a file of which it is not known that they are on the disk.
struct UnsyncedPart {
  std::string name;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// What there is in a folder besides the rows.
struct FolderState {
  std::uint64_t data_set = 0;    // 0: the folder is empty
  std::uint64_t next = 1;        // the number that the journal's next row gets
  std::uint64_t checkpoint = 0;  // the row that the checkpoint was made after; 0: none
  std::uint64_t mark = 0;        // ReadMark
  std::uint64_t checkpoint_bytes = 0;
  std::uint64_t journal_bytes = 0;  // of the files with rows after the checkpoint
  std::vector<Segment> segments;
  std::vector<LoadedIndex> indexes;    // of the segments
  std::vector<UnsyncedPart> unsynced;  // of the segments: the rows after the mark
  // Files that do not count: older checkpoints, and what a crash has left unfinished.
  std::vector<std::string> leftovers;
  // Where the journal was cut off by a crash; empty if it was not.
  std::string cut_off;
};

// Shows `visitor` all rows that count, in order. A journal that was cut off after its mark is as
// it should be after a crash; anything else that is not whole is a fault.
Loaded<FolderState> LoadFolder(const Files& files, RowVisitor& visitor);
// As LoadFolder, but what is damaged, missing or makes no sense is only described in `damage`, and
// passed over. Fails for a folder that cannot be read, or is of a newer version.
Loaded<FolderState> LoadWhatIsThere(const Files& files, RowVisitor& visitor,
                                    std::vector<std::string>& damage);

// Makes sure that what was loaded stays, and removes the leftovers, so that the journal may go on.
// Rows of which it is not known that they are on the disk are written again and synced: else a
// later crash could take them away from under the rows that follow. A sync alone is not enough: if
// an earlier one has failed, Linux shows what was written, but does not write it any more. Returns
// the file of the mark, which says so.
Io<std::unique_ptr<File>> SettleFolder(Files& files, const FolderState& state);

// Writes a checkpoint. Nothing of it counts before Finish has succeeded.
class CheckpointWriter {
 public:
  // The state after the row `after`. `files` must outlive it.
  CheckpointWriter(Files& files, std::uint64_t data_set, std::uint64_t after);
  // Removes what was written, unless it is finished: it may have taken the room for everything
  // else.
  ~CheckpointWriter();
  CheckpointWriter(const CheckpointWriter&) = delete;
  CheckpointWriter& operator=(const CheckpointWriter&) = delete;

  // Adds a row; after a failure does nothing but return it again.
  Io<void> Add(RowKind kind, std::string_view payload);
  // Makes this the checkpoint that counts, and removes the others.
  Io<void> Finish();
  [[nodiscard]] std::uint64_t bytes() const { return offset_ + buffer_.size(); }

 private:
  Io<void> Write();

  Files& files_;
  const std::uint64_t data_set_;
  const std::uint64_t after_;
  std::uint64_t next_ = 1;
  std::unique_ptr<File> file_;
  std::uint64_t offset_ = 0;
  std::string buffer_;
  std::optional<IoError> failure_;
  bool finished_ = false;
};

// Keeps a folder for this process alone, until it is destroyed.
class FolderLock {
 public:
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

  // Fails if another process has the folder. If it is missing, makes it, for this user only, or
  // fails as well.
  enum class Missing : bool { kIsMade, kIsAFault };
  static Loaded<std::unique_ptr<FolderLock>> Take(const std::string& path,
                                                  Missing missing = Missing::kIsMade);

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace weir::storage
