// SPDX-License-Identifier: Apache-2.0
#include "core/memory.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstring>
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

// How much may be resident; UINT64_MAX if there is no limit.
std::uint64_t memory_limit = UINT64_MAX;
// Whether the last look at the resident memory found too much.
constinit std::atomic<bool> is_short{false};

// 0 if the system does not say.
std::uint64_t ResidentBytes() {
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

void LookAtMemory() {
  constexpr std::uint64_t kSixteenth = 16;  // left for all that is not kept
  is_short.store(ResidentBytes() > memory_limit - memory_limit / kSixteenth,
                 std::memory_order_relaxed);
}

bool IsMemoryShort() {
  constexpr unsigned kCallsPerLook = 16;  // a call takes some ns, a look 1 or 2 µs
  static constinit std::atomic<unsigned> calls{0};
  if (is_short.load(std::memory_order_relaxed) ||
      calls.fetch_add(1, std::memory_order_relaxed) % kCallsPerLook == 0) {
    LookAtMemory();
  }
  return is_short.load(std::memory_order_relaxed);
}

// Has work refused that stores more, when so many bytes are nearly resident.
void LimitGrowth(std::uint64_t bytes) {
  memory_limit = std::min(memory_limit, bytes);
  MemoryReserve::RefuseGrowthWhile(IsMemoryShort);
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

void ConfigureMemory(unsigned threads, std::optional<std::uint64_t> most) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, kMappedFrom);
  mallopt(M_TRIM_THRESHOLD, kTrimmedFrom);
  mallopt(M_ARENA_MAX, static_cast<int>(threads) + kOtherArenas);
#endif
  if (const std::optional<std::uint64_t> limit = ContainerLimit()) {
    StayWithin(*limit);
    LimitGrowth(*limit);
  }
  if (most.has_value()) {
    LimitGrowth(*most);
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

void RelieveMemory() {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kPause{1};
  static constinit std::atomic<Clock::rep> next{0};
  if (!is_short.load(std::memory_order_relaxed)) {
    return;
  }
  const Clock::rep now = Clock::now().time_since_epoch().count();
  Clock::rep due = next.load(std::memory_order_relaxed);
  if (now >= due && next.compare_exchange_strong(due, now + Clock::duration(kPause).count())) {
    ReturnFreeMemory();
    LookAtMemory();
  }
}

MemoryUse ReadMemoryUse() {
  return {.resident = ResidentBytes(), .limit = memory_limit == UINT64_MAX ? 0 : memory_limit};
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
