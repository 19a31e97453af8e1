// SPDX-License-Identifier: Apache-2.0
#include "storage/backup.h"

#include <array>
#include <cstdio>
#include <utility>

#include "core/limits.h"

namespace weir::storage {
namespace {

constexpr Micros kMillisecond = std::chrono::milliseconds(1);

// `<14 digits: milliseconds since 1970>-<8 hex digits>`, as AWS's last parts of ARNs.
std::string IdOf(Micros time, std::string_view table_id) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%014lld-",
                static_cast<long long>(time / kMillisecond));
  return digits.data() + std::string(table_id.substr(0, 8));  // of a UUID: hex digits
}

}  // namespace

Result<BackupPtr> BackupCatalogue::Add(Backup backup) {
  const MutexLock lock(mutex_);
  if (backups_.size() >= limits::kBackups) {
    return MakeError(ErrorCode::kLimitExceeded, "Subscriber limit exceeded: There is a limit of " +
                                                    std::to_string(limits::kBackups) +
                                                    " backups per subscriber");
  }
  for (Micros time = backup.creation_time;; time += kMillisecond) {
    backup.arn = backup.table().arn + "/backup/" + IdOf(time, backup.table().id);
    if (!backups_.contains(backup.arn)) {
      break;
    }
  }
  auto added = std::make_shared<const Backup>(std::move(backup));
  backups_.emplace(added->arn, added);
  return added;
}

BackupPtr BackupCatalogue::Find(std::string_view arn) const {
  const MutexLock lock(mutex_);
  const auto found = backups_.find(arn);
  return found == backups_.end() ? nullptr : found->second;
}

BackupPtr BackupCatalogue::Remove(std::string_view arn) {
  const MutexLock lock(mutex_);
  const auto found = backups_.find(arn);
  if (found == backups_.end()) {
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
