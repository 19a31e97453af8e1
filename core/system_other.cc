// SPDX-License-Identifier: Apache-2.0
// For systems other than Linux: macOS and the BSDs. What they do not say counts as unknown.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "core/system.h"

namespace weir::system {

std::optional<std::uint64_t> ContainerMemory() {
  return std::nullopt;
}

std::uint64_t ResidentMemory() {
  return 0;
}

void LimitAllocator(const AllocatorLimits& /*limits*/) {}
void SetStackSize(std::size_t /*bytes*/) {}

std::size_t AllocatedMemory() {
  return 0;
}

std::size_t FreeMemory() {
  return 0;
}

void ReturnFreeMemory() {}

bool SyncData(int file) {
#if defined(F_FULLFSYNC)
  // On macOS fsync leaves the data in the disk's own memory. Some file systems have only that.
  if (fcntl(file, F_FULLFSYNC) == 0) {
    return true;
  }
#endif
  return fsync(file) == 0;
}

bool IsEnded(int connection) {
  // POSIX tells only when what was sent before has been read, too.
  pollfd polled{};
  polled.fd = connection;
  return poll(&polled, 1, 0) > 0 && (polled.revents & (POLLHUP | POLLERR)) != 0;
}

std::optional<ProcessStart> StartOf(unsigned /*process*/) {
  return std::nullopt;
}

}  // namespace weir::system
