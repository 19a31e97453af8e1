// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "core/system.h"

namespace weir::system {
namespace {

// The texts in a file, each of which ends with a NUL; none if it cannot be read.
std::vector<std::string> TextsIn(const std::string& path) {
  // More than Linux lets a program have as its arguments and variables.
  constexpr std::streamsize kLongest = std::streamsize{4} << 20U;
  std::ifstream file(path, std::ios::binary);
  std::string text(kLongest, '\0');
  file.read(text.data(), kLongest);
  text.resize(static_cast<std::size_t>(file.gcount()));
  std::vector<std::string> texts;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\0', start), text.size());
    texts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return texts;
}

}  // namespace

std::optional<std::uint64_t> ContainerMemory() {
  // Of the control group, version 2 and 1.
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::uint64_t limit = 0;
    constexpr std::uint64_t kNone = std::uint64_t{1} << 60U;  // more stands for no limit
    if (std::ifstream file(path); file >> limit && limit < kNone) {
      return limit;
    }
  }
  return std::nullopt;
}

std::uint64_t ResidentMemory() {
  static const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);  // it is read often
  std::array<char, 128> text{};
  const ssize_t size = pread(statm, text.data(), text.size() - 1, 0);
  // The second of several numbers, in pages.
  const char* const space = size <= 0 ? nullptr : std::strchr(text.data(), ' ');
  std::uint64_t pages = 0;
  if (space == nullptr || std::from_chars(space + 1, text.data() + size, pages).ec != std::errc()) {
    return 0;
  }
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// musl has neither the allocator nor the default for threads.
#if defined(__GLIBC__)

void LimitAllocator(const AllocatorLimits& limits) {
  mallopt(M_MMAP_THRESHOLD, limits.mapped_from);
  mallopt(M_TRIM_THRESHOLD, limits.trimmed_from);
  mallopt(M_ARENA_MAX, limits.arenas);
}

void SetStackSize(std::size_t bytes) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, bytes);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }
}

std::size_t AllocatedMemory() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t FreeMemory() {
  return mallinfo2().fordblks;
}

void ReturnFreeMemory() {
  malloc_trim(0);
}

#else

void LimitAllocator(const AllocatorLimits& /*limits*/) {}
void SetStackSize(std::size_t /*bytes*/) {}
std::size_t AllocatedMemory() {
  return 0;
}
std::size_t FreeMemory() {
  return 0;
}
void ReturnFreeMemory() {}

#endif

bool SyncData(int file) {
  return fdatasync(file) == 0;
}

bool IsEnded(int connection) {
  // Not found out by reading: a further request may come before the end of the connection.
  tcp_info info{};
  socklen_t size = sizeof info;
  return getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         info.tcpi_state != TCP_ESTABLISHED;
}

std::optional<ProcessStart> StartOf(unsigned process) {
  const std::string folder = "/proc/" + std::to_string(process);
  ProcessStart start{.arguments = TextsIn(folder + "/cmdline"),
                     .environment = TextsIn(folder + "/environ"),
                     .folder = folder + "/cwd"};
  return start.arguments.empty() ? std::nullopt : std::optional(std::move(start));
}

}  // namespace weir::system
