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
  // When it goes by itself, of a backup that the service made: a SYSTEM one.
  std::optional<Micros> expiry;
  TableImage image;

  [[nodiscard]] const TableMetadata& table() const { return *image.metadata; }
  [[nodiscard]] bool system() const { return expiry.has_value(); }
};

using BackupPtr = std::shared_ptr<const Backup>;

// All backups by ARN. Thread-safe.
class BackupCatalogue {
 public:
  // Names the backup after its creation time, or the first millisecond after it that the table has
  // no backup of, and adds it. kTooManyBackups when users have limits::kBackups. Of SYSTEM
  // ones the first to expire make room, in number and in limits::kSystemBackupBytes; they are moved
  // to `displaced`.
  Outcome<BackupPtr> Add(Backup backup, std::vector<BackupPtr>& displaced);
  // Null when there is none.
  [[nodiscard]] BackupPtr Find(std::string_view arn) const;
  // Takes a user's backup out and returns it; null when there is none.
  BackupPtr Remove(std::string_view arn);
  // Takes out those that are expired.
  [[nodiscard]] std::vector<BackupPtr> Expire(Micros now);
  // When the next one does.
  [[nodiscard]] std::optional<Micros> NextExpiry() const;

  struct Listing {
    std::vector<BackupPtr> backups;
    bool more = false;
  };
  // Up to `limit` backups after `exclusive_start`, by ARN, of those that `wanted` takes.
  [[nodiscard]] Listing List(std::string_view exclusive_start, std::size_t limit,
                             const std::function<bool(const Backup&)>& wanted) const;

 private:
  // Takes out the SYSTEM backup that expires first; there is one.
  BackupPtr TakeFirstExpiring() WEIR_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, BackupPtr, std::less<>> backups_ WEIR_GUARDED_BY(mutex_);
  // The ARNs of the SYSTEM ones by the time at which they go.
  std::multimap<Micros, std::string> expiring_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t expiring_bytes_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::storage
