// SPDX-License-Identifier: Apache-2.0
// SimulatedDisk: a folder that loses, tears and damages what a real disk may, by a seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/mutex.h"
#include "storage/disk/files.h"

namespace weir::testing {

// What goes wrong, as chances in 1000 of each call.
struct DiskFaults {
  unsigned write = 0;         // a part is written, and EIO or ENOSPC returned
  unsigned sync = 0;          // EIO, and the system forgets a part of what was not synced
  bool ignores_sync = false;  // a sync succeeds and does nothing, as if nobody had called it
};

// What the machine has and what the disk has, which are different until a sync. Thread-safe. The
// order of the calls and the seed decide what happens.
class SimulatedDisk {
 public:
  explicit SimulatedDisk(std::uint64_t seed, const DiskFaults& faults = {})
      : random_(seed), faults_(faults) {}

  // The folder, for one process. After a crash its calls fail, and it is of no use any more.
  std::unique_ptr<storage::Files> Mount();

  // Ends the process, not the machine: what was written is there.
  void KillProcess();
  // Takes the power away: of what was not synced, any part of each write may be there, and of the
  // names that were not synced each may be, too.
  void CutPower();
  // Flips a bit of a file, if there is one that is not empty. Returns what it did, for messages.
  std::string FlipBit();
  void SetFaults(const DiskFaults& faults);

 private:
  friend class SimulatedFiles;
  friend class SimulatedFile;

  struct Write {
    std::uint64_t offset = 0;
    std::string bytes;
  };
  // A file's contents, whatever its names are.
  struct Node {
    std::string seen;             // by the machine
    std::string synced;           // on the disk for sure
    std::vector<Write> unsynced;  // since the last sync
  };
  using NodePtr = std::shared_ptr<Node>;
  using Names = std::map<std::string, NodePtr, std::less<>>;

  bool Happens(unsigned chance) WEIR_REQUIRES(mutex_);
  std::uint64_t Below(std::uint64_t limit) WEIR_REQUIRES(mutex_);
  static void Apply(const Write& write, std::string& contents);
  // Keeps a random part of what was not synced.
  void LosePart(Node& node) WEIR_REQUIRES(mutex_);
  // The same for the disk; the machine may go on seeing what the disk has lost.
  void FailSync(Node& node) WEIR_REQUIRES(mutex_);

  Mutex mutex_;
  std::mt19937_64 random_ WEIR_GUARDED_BY(mutex_);
  DiskFaults faults_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t mount_ WEIR_GUARDED_BY(mutex_) = 0;  // calls of earlier mounts fail
  Names seen_ WEIR_GUARDED_BY(mutex_);
  Names synced_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::testing
