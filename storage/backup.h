// SPDX-License-Identifier: Apache-2.0
// Backups: tables as they were.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "core/result.h"
#include "storage/table.h"

namespace weir::storage {

// Immutable, and independent of its table, with which it shares the items.
struct Backup {
  std::string arn;
  std::string name;
  Micros creation_time{0};
  TableImage image;

  [[nodiscard]] const TableDescription& table() const { return *image.description; }
};

using BackupPtr = std::shared_ptr<const Backup>;

// All backups by ARN. Thread-safe.
class BackupCatalogue {
 public:
  // Names the backup after its creation time, or the first millisecond after it that the table has
  // no backup of, and adds it. LimitExceededException when there are limits::kBackups.
  Result<BackupPtr> Add(Backup backup);
  // Null when there is none.
  [[nodiscard]] BackupPtr Find(std::string_view arn) const;
  // Takes it out and returns it; null when there is none.
  BackupPtr Remove(std::string_view arn);

  struct Listing {
    std::vector<BackupPtr> backups;
    bool more = false;
  };
  // Up to `limit` backups after `exclusive_start`, by ARN, of those that `wanted` takes.
  [[nodiscard]] Listing List(std::string_view exclusive_start, std::size_t limit,
                             const std::function<bool(const Backup&)>& wanted) const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, BackupPtr, std::less<>> backups_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::storage
