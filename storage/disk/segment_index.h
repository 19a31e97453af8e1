// SPDX-License-Identifier: Apache-2.0
// SegmentIndex: where in one file of the journal the changes of tables' logs are.
//
//   index-<20 digits>   one row, of the kind kSegmentIndex: the index of the journal's file of that
//                       number, which gets no more rows
//
// With it the file need not be read at the start. Without it, or if it does not fit the file, the
// file is read, so an index may be lost.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "storage/disk/files.h"
#include "storage/disk/rows.h"

namespace weir::storage {

// Where one change is.
struct LogPoint {
  std::uint64_t sequence = 0;  // in its table's log
  std::uint64_t offset = 0;    // of its row in the file
  std::uint64_t row = 0;       // the row's number
  Micros time{0};              // of the change
};

// A table's changes in one file. Those from a point up to the next are in rows that begin within
// some multiple of SegmentIndex::kPointDistance from the first point's row on.
struct LogPart {
  std::uint64_t next = 0;  // the sequence after the last
  std::vector<LogPoint> points;
};

struct SegmentIndex {
  static constexpr std::uint64_t kPointDistance = std::uint64_t{64} << 10U;

  std::uint64_t last = 0;                  // the number of the file's last row
  std::uint64_t size = 0;                  // of the file, up to the end of that row
  Micros latest{0};                        // no change in the file was made later
  bool whole = false;                      // set by LoadIndex: the file has nothing after that row
  std::map<std::uint64_t, LogPart> parts;  // by table

  // Adds the next row, which is at [offset, end) in the file.
  void Add(const Row& row, std::uint64_t offset, std::uint64_t end);
};

inline constexpr std::string_view kIndexPrefix = "index-";
inline constexpr std::string_view kNewIndex = "index.new";  // one that is being written
// The name of the index of the journal's file that begins with the row `first`.
std::string IndexName(std::uint64_t first);

Io<void> SaveIndex(Files& files, std::uint64_t data_set, std::uint64_t first,
                   const SegmentIndex& index);
// nullopt if there is no index that is whole and fits the file.
std::optional<SegmentIndex> LoadIndex(const Files& files, std::uint64_t data_set,
                                      std::uint64_t first);

}  // namespace weir::storage
