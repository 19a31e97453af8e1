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

// Blocks of this size or more are mapped from the system, and given back to it when they are freed.
// They are bodies and other buffers that live briefly; no item is as large.
constexpr int kMappedFrom = 1 << 20;
constexpr int kTrimmedFrom = 16 << 20;
// Arenas that the threads besides the serving ones share: the timeline's, the log's and others.
constexpr int kOtherArenas = 2;

// The memory limit, in bytes, of the control group that the process is in; nullopt if there is
// none.
std::optional<std::uint64_t> ContainerLimit() {
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

// Limits the process's writable memory, which is nearly all that counts against a container's
// limit. The reserve is extra: hardly any of it is ever written.
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
  // The deepest recursion that a request can cause needs a fraction of this.
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
