// SPDX-License-Identifier: Apache-2.0
#include "core/memory_reserve.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

#include "core/mutex.h"

namespace weir {
namespace {

// Below, the C library could not even enlarge a heap.
constexpr std::size_t kLeast = std::size_t{2} << 20U;
// What growth leaves of the reserve that the process had at its start.
constexpr std::size_t kGrowthPart = 4;
// An allocation that small fails only where there is nothing at all, also not for the exception
// that says so.
constexpr std::size_t kSmall = std::size_t{4} << 10U;

class Reserve {
 public:
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_relaxed); }
  // Whether it was given back and not put by again.
  [[nodiscard]] bool lent() const { return lent_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool installed() const { return full_.load(std::memory_order_relaxed) != 0; }
  [[nodiscard]] bool allows_growth() const { return size() >= full_ / kGrowthPart; }

  void Install() {
    Fill();
    full_ = size();
  }

  // Makes it as large as can be, up to the whole.
  void Fill() {
    const MutexLock lock(mutex_);
    std::size_t size = MemoryReserve::kBytes;
    for (; size > size_ && size >= kLeast; size -= size / 8 / kPage * kPage) {
      // Never written, so it is no memory of the machine's until somebody else has it.
      void* const fresh =
          mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (fresh != MAP_FAILED) {
        Unmap();
        start_ = fresh;
        size_ = size;
        lent_ = false;
        return;
      }
    }
  }

  // False if there is none.
  bool Lend() {
    const MutexLock lock(mutex_);
    if (size_ == 0) {
      return false;
    }
    lent_ = true;  // before others can have it
    Unmap();
    size_ = 0;
    return true;
  }

 private:
  static constexpr std::size_t kPage = 4096;

  void Unmap() WEIR_REQUIRES(mutex_) {
    if (start_ != nullptr) {
      munmap(std::exchange(start_, nullptr), size_);
    }
  }

  Mutex mutex_;  // held by who changes it
  void* start_ WEIR_GUARDED_BY(mutex_) = nullptr;
  std::atomic<std::size_t> size_{0};
  std::atomic<std::size_t> full_{0};  // as it was at the start
  std::atomic<bool> lent_{false};
};

constinit Reserve reserve;
thread_local constinit MemoryReserve::Rule current_rule = MemoryReserve::Rule::kMayFail;

void* TryToAllocate(std::size_t size) {
  return std::malloc(size);  // NOLINT: what operator new is made of
}

// When there is none left for all.
void* AllocateWithout(std::size_t size) {
  if (current_rule == MemoryReserve::Rule::kMayFail) {
    if (size <= kSmall) {
      reserve.Lend();
    }
    throw std::bad_alloc();
  }
  for (bool again = true; again;) {
    if (void* const block = TryToAllocate(size)) {
      return block;
    }
    again = reserve.Lend();
  }
  throw std::bad_alloc();
}

}  // namespace

void MemoryReserve::Install() {
  reserve.Install();
}

bool MemoryReserve::Ready() {
  if (reserve.lent()) {
    reserve.Fill();
  }
  return !reserve.lent();
}

bool MemoryReserve::Short() {
  return reserve.lent() && current_rule == Rule::kMayFail;
}

void MemoryReserve::Release() {
  reserve.Lend();
}

MemoryReserve::Guard::Guard(Rule rule) : before_(std::exchange(current_rule, rule)) {}

MemoryReserve::Guard::~Guard() {
  current_rule = before_;
}

MemoryReserve::Rule MemoryReserve::Scope::Begin(Use use) {
  if (reserve.installed() && current_rule != Rule::kWhole) {
    if (reserve.size() < kBytes) {
      reserve.Fill();
    }
    if (use == Use::kGrowth ? !reserve.allows_growth() : reserve.lent()) {
      throw std::bad_alloc();
    }
  }
  return Rule::kWhole;
}

}  // namespace weir

// The other forms of new and delete are made of these, but for those of a stricter alignment.
void* operator new(std::size_t size) {
  if (!weir::reserve.lent()) {
    if (void* const block = weir::TryToAllocate(size)) {
      return block;
    }
  }
  return weir::AllocateWithout(size);
}

void operator delete(void* block) noexcept {
  std::free(block);  // NOLINT: of operator new, above
}

void operator delete(void* block, std::size_t /*size*/) noexcept {
  std::free(block);  // NOLINT: of operator new, above
}
