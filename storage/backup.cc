// SPDX-License-Identifier: Apache-2.0
#include "storage/backup.h"

#include <array>
#include <cstdio>
#include <utility>

#include "core/limits.h"

namespace weir::storage {
namespace {

constexpr Micros kMillisecond = std::chrono::milliseconds(1);

// `<14 digits: milliseconds since 1970>-<8 hex digits>`, like the last part of AWS's ARNs. The hex
// digits of a SYSTEM backup are zeros (observed on AWS).
std::string IdOf(Micros time, const Backup& backup) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%014lld-",
                static_cast<long long>(time / kMillisecond));
  // A table's id is a UUID: hex digits.
  return digits.data() + (backup.system() ? "00000000" : backup.table().id.substr(0, 8));
}

}  // namespace

Outcome<BackupPtr> BackupCatalogue::Add(Backup backup, std::vector<BackupPtr>& displaced) {
  const MutexLock lock(mutex_);
  if (backup.system()) {
    expiring_bytes_ += backup.image.statistics.size_bytes;
    while (!expiring_.empty() &&
           (expiring_.size() >= limits::kBackups || expiring_bytes_ > limits::kSystemBackupBytes)) {
      displaced.push_back(TakeFirstExpiring());
    }
  } else if (backups_.size() - expiring_.size() >= limits::kBackups) {
    return Fault(Fault::Kind::kTooManyBackups);
  }
  for (Micros time = backup.creation_time;; time += kMillisecond) {
    backup.arn = backup.table().arn + "/backup/" + IdOf(time, backup);
    if (!backups_.contains(backup.arn)) {
      break;
    }
  }
  auto added = std::make_shared<const Backup>(std::move(backup));
  AddLocked(added);
  return added;
}

void BackupCatalogue::Adopt(Backup backup) {
  const MutexLock lock(mutex_);
  expiring_bytes_ += backup.system() ? backup.image.statistics.size_bytes : 0;
  AddLocked(std::make_shared<const Backup>(std::move(backup)));
}

void BackupCatalogue::AddLocked(BackupPtr backup) {
  if (backup->system()) {
    expiring_.emplace(*backup->expiry, backup->arn);
  }
  std::string arn = backup->arn;
  backups_.emplace(std::move(arn), std::move(backup));
}

std::vector<BackupPtr> BackupCatalogue::All() const {
  const MutexLock lock(mutex_);
  std::vector<BackupPtr> all;
  all.reserve(backups_.size());
  for (const auto& [arn, backup] : backups_) {
    all.push_back(backup);
  }
  return all;
}

BackupPtr BackupCatalogue::TakeFirstExpiring() {
  const auto entry = backups_.find(expiring_.begin()->second);
  BackupPtr taken = std::move(entry->second);
  backups_.erase(entry);
  expiring_.erase(expiring_.begin());
  expiring_bytes_ -= taken->image.statistics.size_bytes;
  return taken;
}

std::vector<BackupPtr> BackupCatalogue::Expire(Micros now) {
  std::vector<BackupPtr> expired;
  const MutexLock lock(mutex_);
  while (!expiring_.empty() && expiring_.begin()->first <= now) {
    expired.push_back(TakeFirstExpiring());
  }
  return expired;
}

std::optional<Micros> BackupCatalogue::NextExpiry() const {
  const MutexLock lock(mutex_);
  return expiring_.empty() ? std::nullopt : std::optional(expiring_.begin()->first);
}

BackupPtr BackupCatalogue::Find(std::string_view arn) const {
  const MutexLock lock(mutex_);
  const auto found = backups_.find(arn);
  return found == backups_.end() ? nullptr : found->second;
}

BackupPtr BackupCatalogue::Remove(std::string_view arn) {
  const MutexLock lock(mutex_);
  const auto found = backups_.find(arn);
  if (found == backups_.end() || found->second->system()) {
    return nullptr;
  }
  BackupPtr removed = std::move(found->second);
  backups_.erase(found);
  return removed;
}

BackupCatalogue::Listing BackupCatalogue::List(
    std::string_view exclusive_start, std::size_t limit,
    const std::function<bool(const Backup&)>& wanted) const {
  const MutexLock lock(mutex_);
  Listing listing;
  for (auto entry = backups_.upper_bound(exclusive_start); entry != backups_.end(); ++entry) {
    if (!wanted(*entry->second)) {
      continue;
    }
    if (listing.backups.size() == limit) {
      listing.more = true;
      break;
    }
    listing.backups.push_back(entry->second);
  }
  return listing;
}

}  // namespace weir::storage
