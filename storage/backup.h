// SPDX-License-Identifier: Apache-2.0
// Backups: tables as they were at one moment.
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
  // When a SYSTEM backup, one that the service made, is deleted by itself; nullopt for a user's.
  std::optional<Micros> expiry;
  TableImage image;

  [[nodiscard]] const TableMetadata& table() const { return *image.metadata; }
  [[nodiscard]] bool system() const { return expiry.has_value(); }
};

using BackupPtr = std::shared_ptr<const Backup>;

// All backups by ARN. Thread-safe.
class BackupCatalogue {
 public:
  // Adds the backup and sets its ARN, which names its creation time in milliseconds, or the first
  // millisecond after that for which the table has no backup. Fails with kTooManyBackups if users
  // already have limits::kBackups. A SYSTEM backup is always added: if there are too many of those,
  // in number or for limits::kSystemBackupBytes, the first to expire are removed and appended to
  // `displaced`.
  Outcome<BackupPtr> Add(Backup backup, std::vector<BackupPtr>& displaced);
  // Adds a backup of an earlier process, which has its ARN.
  void Adopt(Backup backup);
  // Null if there is no such backup.
  [[nodiscard]] BackupPtr Find(std::string_view arn) const;
  // Removes and returns a user's backup; null if there is none, or if it is a SYSTEM one.
  BackupPtr Remove(std::string_view arn);
  // Removes and returns the SYSTEM backups that have expired at `now`.
  [[nodiscard]] std::vector<BackupPtr> Expire(Micros now);
  [[nodiscard]] std::vector<BackupPtr> All() const;
  // When the next SYSTEM backup expires; nullopt if there are none.
  [[nodiscard]] std::optional<Micros> NextExpiry() const;

  struct Listing {
    std::vector<BackupPtr> backups;
    bool more = false;  // whether there are backups after these
  };
  // Up to `limit` backups whose ARN follows `exclusive_start`, ascending by ARN, of those for which
  // `wanted` is true.
  [[nodiscard]] Listing List(std::string_view exclusive_start, std::size_t limit,
                             const std::function<bool(const Backup&)>& wanted) const;

 private:
  void AddLocked(BackupPtr backup) WEIR_REQUIRES(mutex_);
  // Removes and returns the SYSTEM backup that expires first. There must be one.
  BackupPtr TakeFirstExpiring() WEIR_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, BackupPtr, std::less<>> backups_ WEIR_GUARDED_BY(mutex_);
  // The ARNs of the SYSTEM backups by the time at which they expire.
  std::multimap<Micros, std::string> expiring_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t expiring_bytes_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::storage
