// SPDX-License-Identifier: Apache-2.0
#include "core/memory_reserve.h"

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "core/mutex.h"

namespace weir {
namespace {

// How much of the reserve must be left to begin work that must not fail.
constexpr std::size_t kLeast = std::size_t{2} << 20U;
// If a block of this size can be allocated, there is enough memory besides the reserve. The block
// is not larger because freed memory is in pieces: one may be hard to find although much is free.
constexpr std::size_t kPlenty = std::size_t{256} << 10U;
constexpr std::size_t kSome = std::size_t{16} << 10U;
// Address space for the stacks (core/memory.cc) of the threads that a reset starts, and their guard
// pages.
constexpr std::size_t kStacks = std::size_t{16} << 20U;
// Memory for the exceptions that report that there is no memory.
constexpr std::size_t kForExceptions = std::size_t{256} << 10U;

void* TryToAllocate(std::size_t size) {
  return std::malloc(size);  // NOLINT: what operator new is made of
}

void Free(void* block) {
  std::free(block);  // NOLINT: from TryToAllocate
}

void* TryToMap(std::size_t size) {
  // A page takes none of the machine's memory until it is written.
  void* const start =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return start == MAP_FAILED ? nullptr : start;
}

bool CanAllocate(std::size_t size) {
  // Volatile, since clang otherwise leaves out the allocation of a block that nobody uses, and
  // takes it for one that has succeeded.
  void* volatile const block = TryToAllocate(size);
  Free(block);
  return block != nullptr;
}

// The reserve, as a heap of its own. It consists of cells; a block takes several that stand side by
// side, and its first bytes say how many. The heap is seldom used, so a search for room may take a
// few µs.
class Pool {
 public:
  void Install() {
    start_ = static_cast<std::byte*>(TryToMap(MemoryReserve::kBytes));
    free_cells_ = start_ == nullptr ? 0 : kCells;
  }
  [[nodiscard]] bool installed() const { return start_ != nullptr; }
  [[nodiscard]] std::size_t free_bytes() const {
    return free_cells_.load(std::memory_order_relaxed) * kCellSize;
  }
  [[nodiscard]] bool Owns(const void* block) const {
    return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(start_) <
               MemoryReserve::kBytes &&
           start_ != nullptr;
  }

  // Takes a block of `size` bytes; null if there is no room.
  void* Take(std::size_t size) {
    const std::size_t cells = size / kCellSize + 1 + (size % kCellSize + kHeader > kCellSize);
    const MutexLock lock(mutex_);
    std::size_t run = 0;
    for (std::size_t cell = 0; cell < kCells && cells <= free_cells_; ++cell) {
      run = is_used(cell) ? 0 : run + 1;
      if (run == cells) {
        const std::size_t first = cell + 1 - cells;
        Mark(first, cells, true);
        std::byte* const block = start_ + first * kCellSize;
        *reinterpret_cast<std::size_t*>(block) = cells;
        return block + kHeader;
      }
    }
    return nullptr;
  }

  void Give(void* taken) {
    std::byte* const block = static_cast<std::byte*>(taken) - kHeader;
    const MutexLock lock(mutex_);
    Mark(static_cast<std::size_t>(block - start_) / kCellSize,
         *reinterpret_cast<const std::size_t*>(block), false);
    if (free_cells_ == kCells) {
      madvise(start_, MemoryReserve::kBytes, MADV_DONTNEED);
    }
  }

 private:
  static constexpr std::size_t kCellSize = 256;
  static constexpr std::size_t kCells = MemoryReserve::kBytes / kCellSize;
  static constexpr std::size_t kHeader = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
  static constexpr std::size_t kBits = 64;

  [[nodiscard]] bool is_used(std::size_t cell) const WEIR_REQUIRES(mutex_) {
    return (used_[cell / kBits] >> (cell % kBits) & 1U) != 0;
  }
  void Mark(std::size_t first, std::size_t count, bool used) WEIR_REQUIRES(mutex_) {
    for (std::size_t cell = first; cell < first + count; ++cell) {
      used_[cell / kBits] ^= std::uint64_t{1} << (cell % kBits);
    }
    free_cells_ += used ? -count : count;
  }

  std::byte* start_ = nullptr;  // set once, by Install
  Mutex mutex_;
  std::atomic<std::size_t> free_cells_{0};  // changed under the mutex
  std::array<std::uint64_t, kCells / kBits> used_ WEIR_GUARDED_BY(mutex_){};
};

constinit Pool pool;
constinit std::atomic<void*> stacks{nullptr};
constinit std::atomic<void*> for_exceptions{nullptr};
using IsShort = bool (*)();
constinit IsShort growth_is_refused = nullptr;
thread_local constinit MemoryReserve::Rule current_rule = MemoryReserve::Rule::kMayFail;

// Sets aside again what was released, as far as there is memory for it.
void Refill() {
  void* none = nullptr;
  if (stacks.load(std::memory_order_relaxed) == nullptr) {
    void* const fresh = TryToMap(kStacks);
    if (fresh != nullptr && !stacks.compare_exchange_strong(none, fresh)) {
      munmap(fresh, kStacks);
    }
  }
  none = nullptr;
  if (for_exceptions.load(std::memory_order_relaxed) == nullptr) {
    void* const fresh = TryToAllocate(kForExceptions);
    if (fresh != nullptr && !for_exceptions.compare_exchange_strong(none, fresh)) {
      Free(fresh);
    }
  }
}

// Whether work of that use may begin. Growth keeps what it takes from the reserve, so three
// quarters must be left if there is no other memory, and one quarter if there is a little.
bool HasRoom(MemoryReserve::Use use) {
  if (use == MemoryReserve::Use::kGrowth && growth_is_refused != nullptr && growth_is_refused()) {
    return false;
  }
  constexpr std::size_t kQuarter = MemoryReserve::kBytes / 4;
  const std::size_t left = pool.free_bytes();
  const bool enough = use == MemoryReserve::Use::kGrowth
                          ? left >= 3 * kQuarter || (left >= kQuarter && CanAllocate(kSome))
                          : left >= kLeast;
  return enough || CanAllocate(kPlenty);
}

}  // namespace

void MemoryReserve::Install() {
  if (kServes && !pool.installed()) {
    pool.Install();
    Refill();
  }
}

void MemoryReserve::RefuseGrowthWhile(bool (*is_short)()) {
  growth_is_refused = is_short;
}

bool MemoryReserve::Ready() {
  if (!pool.installed()) {
    return true;
  }
  if (stacks.load(std::memory_order_relaxed) == nullptr ||
      for_exceptions.load(std::memory_order_relaxed) == nullptr) {
    Refill();
  }
  return HasRoom(Use::kAny);
}

void MemoryReserve::ReleaseStacks() {
  if (void* const start = stacks.exchange(nullptr)) {
    munmap(start, kStacks);
  }
}

MemoryReserve::Guard::Guard(Rule rule) : before_(std::exchange(current_rule, rule)) {}

MemoryReserve::Guard::~Guard() {
  current_rule = before_;
}

MemoryReserve::Rule MemoryReserve::Scope::Begin(Use use) {
  if (pool.installed() && current_rule != Rule::kWhole && !HasRoom(use)) {
    throw std::bad_alloc();
  }
  return Rule::kWhole;
}

}  // namespace weir

#if defined(WEIR_SERVES_NEW)
namespace weir {
namespace {

// If an allocation as small as this fails, there is no memory for the exception that it throws
// either.
constexpr std::size_t kSmall = std::size_t{4} << 10U;

// Serves an allocation for which malloc has no memory.
void* AllocateWithout(std::size_t size) {
  if (current_rule != MemoryReserve::Rule::kMayFail) {
    if (void* const block = pool.Take(size)) {
      return block;
    }
  } else if (size <= kSmall) {
    Free(for_exceptions.exchange(nullptr));
  }
  throw std::bad_alloc();
}

}  // namespace
}  // namespace weir

// The other forms of new and delete call these, except those for a stricter alignment.
void* operator new(std::size_t size) {
  void* const block = weir::TryToAllocate(size);
  return block != nullptr ? block : weir::AllocateWithout(size);
}

void operator delete(void* block) noexcept {
  if (weir::pool.Owns(block)) {
    weir::pool.Give(block);
  } else {
    weir::Free(block);
  }
}

void operator delete(void* block, std::size_t /*size*/) noexcept {
  operator delete(block);
}
#endif
