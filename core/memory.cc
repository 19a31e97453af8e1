// SPDX-License-Identifier: Apache-2.0
#include "core/memory.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/memory_reserve.h"
#include "core/system.h"

namespace weir {
namespace {

// Blocks of this size or more are mapped from the system, and given back to it when they are freed.
// They are bodies and other buffers that live briefly; no item is as large.
constexpr int kMappedFrom = 1 << 20;
constexpr int kTrimmedFrom = 16 << 20;
// Arenas that the threads besides the serving ones share: the timeline's, the log's and others.
constexpr int kOtherArenas = 2;

// How much may be resident; UINT64_MAX if there is no limit.
std::uint64_t memory_limit = UINT64_MAX;
// Whether the last look at the resident memory found too much.
constinit std::atomic<bool> is_short{false};

void LookAtMemory() {
  constexpr std::uint64_t kSixteenth = 16;  // left for all that is not kept
  is_short.store(system::ResidentMemory() > memory_limit - memory_limit / kSixteenth,
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
  system::LimitAllocator({.mapped_from = kMappedFrom,
                          .trimmed_from = kTrimmedFrom,
                          .arenas = static_cast<int>(threads) + kOtherArenas});
  if (const std::optional<std::uint64_t> limit = system::ContainerMemory()) {
    StayWithin(*limit);
    LimitGrowth(*limit);
  }
  if (most.has_value()) {
    LimitGrowth(*most);
  }
  // The deepest recursion that a request can cause needs a fraction of this.
  constexpr std::size_t kStackBytes = std::size_t{2} << 20U;
  system::SetStackSize(kStackBytes);
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
    system::ReturnFreeMemory();
    LookAtMemory();
  }
}

MemoryUse ReadMemoryUse() {
  return {.resident = system::ResidentMemory(),
          .limit = memory_limit == UINT64_MAX ? 0 : memory_limit};
}

}  // namespace weir
