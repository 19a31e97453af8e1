// SPDX-License-Identifier: Apache-2.0
// RowKind: what a row of the data folder is about.
#pragma once

#include <cstdint>

namespace weir::storage {

// What a row says. The numbers are part of the format, so none is ever used for something else.
// Storage's rows are described in storage/disk/table_rows.h; every other row is a record of its
// owner (core/record.h).
enum class RowKind : std::uint32_t {
  kGroup = 1,  // several rows in one: all of them, or none, are there after a crash
  kTable = 2,
  kItems = 3,
  kChanges = 4,
  kMetadata = 5,
  kDropped = 6,
  kBackup = 7,
  kBackupRemoved = 8,
  kLog = 9,
  kEnd = 10,           // the last row of a checkpoint
  kSegmentIndex = 11,  // the only row of an index file (storage/disk/segment_index.h)
  kStream = 16,
  kStreamRemoved = 17,
  kClock = 32,
  kRequestToken = 33,
  kRecord = 34,  // of storage/kept_records.h
};

}  // namespace weir::storage
