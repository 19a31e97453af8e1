// SPDX-License-Identifier: Apache-2.0
#include "storage/backup.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/limits.h"

namespace weir::storage {
namespace {

// A backup of a table of so many bytes: a SYSTEM backup, or a USER backup if `user`.
Backup BackupOf(const std::string& name, std::uint64_t bytes, bool user = false) {
  auto metadata = std::make_shared<TableMetadata>();
  metadata->name = name;
  metadata->arn = "arn:aws:dynamodb:us-east-1:000000000000:table/" + name;
  metadata->id = "0a1b2c3d-0000-0000-0000-000000000000";
  Backup backup;
  backup.name = name;
  backup.creation_time = Micros(1'700'000'000'000'000);
  if (!user) {
    backup.expiry = backup.creation_time + std::chrono::hours(24) * limits::kRecoveryPeriodDays;
  }
  backup.image.metadata = std::move(metadata);
  backup.image.statistics = {.item_count = 1, .size_bytes = bytes};
  return backup;
}

TEST_CASE("SYSTEM backups make room for newer ones", "[storage][backup]") {
  BackupCatalogue backups;
  std::vector<BackupPtr> displaced;
  const auto add = [&](const std::string& name, std::uint64_t bytes, bool user = false) {
    displaced.clear();
    return backups.Add(BackupOf(name, bytes, user), displaced).value();
  };
  constexpr std::uint64_t kSome = limits::kSystemBackupBytes / 3;
  const BackupPtr first = add("first", kSome);
  const BackupPtr mine = add("mine", 10 * limits::kSystemBackupBytes, true);  // USER: not counted
  add("second", kSome);
  add("third", kSome);
  CHECK(displaced.empty());
  add("fourth", kSome);
  REQUIRE(displaced.size() == 1);
  CHECK(displaced.front() == first);
  CHECK(backups.Find(first->arn) == nullptr);
  CHECK(backups.Find(mine->arn) == mine);
  // A backup that is too large by itself is kept until the next one comes.
  const BackupPtr large = add("large", 2 * limits::kSystemBackupBytes);
  CHECK(displaced.size() == 3);
  CHECK(backups.Find(large->arn) == large);
  add("small", 1);
  CHECK(displaced == std::vector<BackupPtr>{large});
  CHECK(backups.NextExpiry() == first->expiry);
}

}  // namespace
}  // namespace weir::storage
