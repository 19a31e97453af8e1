// SPDX-License-Identifier: Apache-2.0
#include "tests/disk/simulated_disk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weir::testing {

using storage::File;
using storage::Files;
using storage::Io;
using storage::IoError;

class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk& disk, std::uint64_t mount, SimulatedDisk::NodePtr node)
      : disk_(disk), mount_(mount), node_(std::move(node)) {}

  Io<void> WriteAt(std::uint64_t offset, std::string_view bytes) override {
    const MutexLock lock(disk_.mutex_);
    if (mount_ != disk_.mount_) {
      return IoError{.code = EIO, .what = "write"};
    }
    const bool fails = disk_.Happens(disk_.faults_.write);
    const std::string_view written = fails ? bytes.substr(0, disk_.Below(bytes.size() + 1)) : bytes;
    node_->unsynced.push_back({offset, std::string(written)});
    SimulatedDisk::Apply(node_->unsynced.back(), node_->seen);
    return fails ? Io<void>(IoError{.code = disk_.Happens(500) ? EIO : ENOSPC, .what = "write"})
                 : Io<void>();
  }

  Io<void> ReadAt(std::uint64_t offset, std::size_t size, std::string& bytes) const override {
    const MutexLock lock(disk_.mutex_);
    bytes = offset < node_->seen.size() ? node_->seen.substr(offset, size) : std::string();
    return {};
  }

  Io<void> Sync() override {
    const MutexLock lock(disk_.mutex_);
    if (mount_ != disk_.mount_) {
      return IoError{.code = EIO, .what = "sync"};
    }
    if (disk_.faults_.ignores_sync) {
      return {};
    }
    if (disk_.Happens(disk_.faults_.sync)) {
      disk_.FailSync(*node_);
      return IoError{.code = EIO, .what = "sync"};
    }
    for (const SimulatedDisk::Write& write : node_->unsynced) {
      SimulatedDisk::Apply(write, node_->synced);
    }
    node_->unsynced.clear();
    return {};
  }

  [[nodiscard]] Io<std::uint64_t> Size() const override {
    const MutexLock lock(disk_.mutex_);
    return static_cast<std::uint64_t>(node_->seen.size());
  }

 private:
  SimulatedDisk& disk_;
  const std::uint64_t mount_;
  const SimulatedDisk::NodePtr node_;
};

class SimulatedFiles final : public Files {
 public:
  SimulatedFiles(SimulatedDisk& disk, std::uint64_t mount) : disk_(disk), mount_(mount) {}

  [[nodiscard]] Io<std::unique_ptr<File>> Open(std::string_view name) const override {
    const MutexLock lock(disk_.mutex_);
    const auto found = disk_.seen_.find(name);
    if (found == disk_.seen_.end()) {
      return IoError{.code = ENOENT, .what = "open"};
    }
    return FileOf(found->second);
  }

  [[nodiscard]] Io<std::unique_ptr<File>> OpenToWrite(std::string_view name) override {
    return Open(name);
  }

  Io<std::unique_ptr<File>> Create(std::string_view name) override {
    const MutexLock lock(disk_.mutex_);
    if (mount_ != disk_.mount_ || disk_.Happens(disk_.faults_.write)) {
      return IoError{.code = ENOSPC, .what = "create"};
    }
    const auto found = disk_.seen_.find(name);
    if (found != disk_.seen_.end()) {
      // The old contents are truncated, which is a write like any other.
      found->second->seen.clear();
      found->second->synced.clear();
      found->second->unsynced.clear();
      return FileOf(found->second);
    }
    auto node = std::make_shared<SimulatedDisk::Node>();
    disk_.seen_.emplace(name, node);
    return FileOf(std::move(node));
  }

  [[nodiscard]] Io<std::vector<std::string>> List() const override {
    const MutexLock lock(disk_.mutex_);
    std::vector<std::string> names;
    for (const auto& [name, node] : disk_.seen_) {
      names.push_back(name);
    }
    return names;
  }

  Io<void> Rename(std::string_view from, std::string_view to) override {
    const MutexLock lock(disk_.mutex_);
    const auto found = disk_.seen_.find(from);
    if (mount_ != disk_.mount_ || found == disk_.seen_.end()) {
      return IoError{.code = EIO, .what = "rename"};
    }
    disk_.seen_.insert_or_assign(std::string(to), found->second);
    disk_.seen_.erase(found);
    return {};
  }

  Io<void> Remove(std::string_view name) override {
    const MutexLock lock(disk_.mutex_);
    if (mount_ != disk_.mount_) {
      return IoError{.code = EIO, .what = "remove"};
    }
    disk_.seen_.erase(std::string(name));
    return {};
  }

  Io<void> SyncNames() override {
    const MutexLock lock(disk_.mutex_);
    if (mount_ != disk_.mount_) {
      return IoError{.code = EIO, .what = "sync"};
    }
    if (disk_.faults_.ignores_sync) {
      return {};
    }
    if (disk_.Happens(disk_.faults_.sync)) {
      return IoError{.code = EIO, .what = "sync"};
    }
    disk_.synced_ = disk_.seen_;
    return {};
  }

  [[nodiscard]] std::string PathOf(std::string_view name) const override {
    return "/disk/" + std::string(name);
  }

 private:
  [[nodiscard]] std::unique_ptr<File> FileOf(SimulatedDisk::NodePtr node) const {
    return std::make_unique<SimulatedFile>(disk_, mount_, std::move(node));
  }

  SimulatedDisk& disk_;
  const std::uint64_t mount_;
};

std::unique_ptr<Files> SimulatedDisk::Mount() {
  const MutexLock lock(mutex_);
  return std::make_unique<SimulatedFiles>(*this, ++mount_);
}

bool SimulatedDisk::Happens(unsigned chance) {
  return chance > 0 && random_() % 1000 < chance;
}

std::uint64_t SimulatedDisk::Below(std::uint64_t limit) {
  return random_() % limit;
}

void SimulatedDisk::Apply(const Write& write, std::string& contents) {
  contents.resize(std::max(contents.size(), write.offset + write.bytes.size()));
  contents.replace(write.offset, write.bytes.size(), write.bytes);
}

void SimulatedDisk::LosePart(Node& node) {
  node.seen = node.synced;
  for (Write& write : node.unsynced) {
    // All of it, nothing of it, or a piece from its beginning or end.
    const std::uint64_t cut = Below(write.bytes.size() + 1);
    switch (Below(4)) {
      case 0:
        break;
      case 1:
        Apply(write, node.seen);
        break;
      case 2:
        Apply({write.offset, write.bytes.substr(0, cut)}, node.seen);
        break;
      default:
        Apply({write.offset + cut, write.bytes.substr(cut)}, node.seen);
        break;
    }
  }
  node.synced = node.seen;
  node.unsynced.clear();
}

void SimulatedDisk::FailSync(Node& node) {
  const std::string seen = node.seen;
  LosePart(node);
  if (Below(2) == 0) {
    node.seen = seen;  // in memory still, and no later sync writes it
  }
}

void SimulatedDisk::KillProcess() {
  const MutexLock lock(mutex_);
  ++mount_;
}

void SimulatedDisk::CutPower() {
  const MutexLock lock(mutex_);
  ++mount_;
  Names names = synced_;
  for (const auto& [name, node] : seen_) {
    if (Below(2) == 0) {
      names.insert_or_assign(name, node);
    }
  }
  for (const auto& [name, node] : synced_) {
    if (!seen_.contains(name) && Below(2) == 0) {
      names.erase(name);
    }
  }
  for (const auto& [name, node] : names) {
    LosePart(*node);
  }
  seen_ = names;
  synced_ = names;
}

std::string SimulatedDisk::FlipBit() {
  const MutexLock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, node] : seen_) {
    if (!node->seen.empty()) {
      names.push_back(name);
    }
  }
  if (names.empty()) {
    return "nothing";
  }
  const std::string& name = names[Below(names.size())];
  Node& node = *seen_.find(name)->second;
  const std::uint64_t at = Below(node.seen.size());
  node.seen[at] = static_cast<char>(node.seen[at] ^ (1 << Below(8)));
  node.synced = node.seen;
  node.unsynced.clear();
  return "bit of byte " + std::to_string(at) + " of " + name;
}

void SimulatedDisk::SetFaults(const DiskFaults& faults) {
  const MutexLock lock(mutex_);
  faults_ = faults;
}

}  // namespace weir::testing
