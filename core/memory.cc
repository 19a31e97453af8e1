// SPDX-License-Identifier: Apache-2.0
#include "core/memory.h"

#include <pthread.h>
#include <sys/resource.h>

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

#include "core/memory_reserve.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace weir {
namespace {

// Blocks from here on are the system's: bodies and their like, of which none stays. No item is as
// large.
constexpr int kMappedFrom = 1 << 20;
constexpr int kTrimmedFrom = 16 << 20;
// Threads beside those that serve: the timeline's, the log's and so on, which share what they need.
constexpr int kOtherArenas = 2;

// The limit of the control group that the process is in; none without one.
std::optional<std::uint64_t> ContainerLimit() {
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::uint64_t limit = 0;
    constexpr std::uint64_t kNone = std::uint64_t{1} << 60U;  // what stands for no limit there
    if (std::ifstream file(path); file >> limit && limit < kNone) {
      return limit;
    }
  }
  return std::nullopt;
}

// Writable memory of our own is nearly all that counts against a container's limit.
void StayWithin(std::uint64_t container) {
  constexpr std::uint64_t kSixteenths = 15;
  rlimit limit{};
  if (getrlimit(RLIMIT_DATA, &limit) == 0) {
    const rlim_t wanted = container / 16 * kSixteenths + MemoryReserve::kBytes;
    if (wanted < limit.rlim_cur) {
      limit.rlim_cur = wanted;
      setrlimit(RLIMIT_DATA, &limit);
    }
  }
}

}  // namespace

void ConfigureMemory(unsigned threads) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  mallopt(M_TRIM_THRESHOLD, kTrimmedFrom);
  mallopt(M_ARENA_MAX, static_cast<int>(threads) + kOtherArenas);
#endif
  if (const std::optional<std::uint64_t> limit = ContainerLimit()) {
    StayWithin(*limit);
  }
#if defined(__GLIBC__)
  // The deepest recursion that a request can ask for needs a fraction of this.
  constexpr std::size_t kStackBytes = std::size_t{2} << 20U;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, kStackBytes);
    pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
  }
#endif
  MemoryReserve::Install();
}

std::size_t AllocatedBytes() {
#if defined(__GLIBC__)
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

std::size_t FreeBytes() {
#if defined(__GLIBC__)
  return mallinfo2().fordblks;
#else
  return 0;
#endif
}

void ReturnFreeMemory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace weir
