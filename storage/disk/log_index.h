// SPDX-License-Identifier: Apache-2.0
// LogIndex: reads the changes of tables' logs from the journal's files.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "core/clock.h"
#include "core/mutex.h"
#include "storage/disk/files.h"
#include "storage/disk/rows.h"
#include "storage/disk/segment_index.h"
#include "storage/log_archive.h"

namespace weir::storage {

// Thread-safe. Takes some 40 bytes of memory for each SegmentIndex::kPointDistance of the journal
// in which a table has changes, and less with many tables: never much more than a hundredth of the
// journal's size.
class LogIndex final : public LogArchive {
 public:
  LogIndex(std::shared_ptr<const Files> files, std::uint64_t data_set)
      : files_(std::move(files)), data_set_(data_set) {}

  // Adds a file's changes: all of them, or those of some rows, which come after the file's other
  // rows. `segment`: the number of the file's first row.
  void Add(std::uint64_t segment, const SegmentIndex& index);
  // Adds rows that a file has from `offset` on, as AppendRow wrote them.
  void AddRows(std::uint64_t segment, std::uint64_t offset, std::string_view rows);
  // What was added of a file.
  [[nodiscard]] SegmentIndex IndexOf(std::uint64_t segment) const;
  // The files that there are, and their bytes.
  struct Extent {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Extent extent() const;
  // Forgets the changes of a file, and of those before it.
  void Drop(std::uint64_t segment);

  [[nodiscard]] std::uint64_t FirstOf(std::uint64_t table) const override;
  [[nodiscard]] std::uint64_t ReadableTo(std::uint64_t table) const override;
  [[nodiscard]] Outcome<std::uint64_t> Read(std::uint64_t table, std::uint64_t from,
                                            std::uint64_t to, const Visit& visit) const override;
  [[nodiscard]] Range Since(std::uint64_t table, Micros time) const override;

 private:
  struct Place {
    std::uint64_t segment = 0;
    LogPoint point;
  };
  struct Log {
    std::uint64_t next = 0;  // the sequence after the last
    std::deque<Place> places;
  };
  // Changes that are read in one go: those from `place` on, before `end`.
  struct Stretch {
    Place place;
    std::uint64_t end = 0;
  };
  // A file that is open for a while.
  struct OpenFile {
    std::uint64_t segment = 0;
    std::unique_ptr<File> file;
  };
  class StretchReader;

  // Of a file, without its changes.
  struct Summary {
    std::uint64_t last = 0;
    std::uint64_t size = 0;
    Micros latest{0};
  };

  // The stretch that has the change `sequence`; nullopt if that is not there.
  [[nodiscard]] std::optional<Stretch> Find(std::uint64_t table, std::uint64_t sequence) const;
  [[nodiscard]] bool Has(std::uint64_t segment) const;

  const std::shared_ptr<const Files> files_;
  const std::uint64_t data_set_;
  mutable Mutex mutex_;
  std::map<std::uint64_t, Log> logs_ WEIR_GUARDED_BY(mutex_);
  std::map<std::uint64_t, Summary> segments_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::storage
