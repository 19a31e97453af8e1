// SPDX-License-Identifier: Apache-2.0
// For systems other than Linux: macOS and the BSDs. What they do not say counts as unknown.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>

#include <array>
#include <climits>
#endif

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

std::vector<ProcessUse> Processes() {
  return {};
}

std::uint64_t ResidentMemoryOf(int /*process*/) {
  return 0;
}

// The unit differs between systems.
std::uint64_t MostMemoryOfChildren() {
  return 0;
}

bool AdoptOrphans() {
  return false;
}

void EndWithParent() {}

void CloseFrom(int first) {
  constexpr long kMostFiles = 65'536;  // where the limit is higher, or there is none
  const long limit = sysconf(_SC_OPEN_MAX);
  const int end = static_cast<int>(limit < 0 || limit > kMostFiles ? kMostFiles : limit);
  for (int file = first; file < end; ++file) {
    close(file);
  }
}

std::string ProgramPath() {
#if defined(__APPLE__)
  std::array<char, PATH_MAX> path{};
  std::uint32_t size = path.size();
  return _NSGetExecutablePath(path.data(), &size) == 0 ? path.data() : "weir";
#else
  return "weir";  // as the PATH has it
#endif
}

}  // namespace weir::system
