// SPDX-License-Identifier: Apache-2.0
#include "core/commit_reserve.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace weir {
namespace {

std::atomic<bool> installed{false};
// Large enough that the C library takes it from the system and gives it back there; it is never
// written, so it is no memory of the machine's until it is needed.
std::atomic<void*> reserve{nullptr};
thread_local int depth = 0;

bool Refill() {
  if (reserve.load() != nullptr) {
    return true;
  }
  // Less is enough for nearly all, and better than to refuse every write.
  constexpr std::size_t kLeast = std::size_t{1} << 20U;
  void* fresh = nullptr;
  for (std::size_t size = CommitReserve::kBytes; fresh == nullptr && size >= kLeast; size /= 2) {
    fresh = std::malloc(size);  // NOLINT: not operator new, which we serve here
  }
  void* none = nullptr;
  if (fresh != nullptr && !reserve.compare_exchange_strong(none, fresh)) {
    std::free(fresh);  // NOLINT: another thread was first
  }
  return fresh != nullptr;
}

// Called by operator new when there is no memory; when it returns that tries again.
void OnFailedAllocation() {
  void* held = depth > 0 ? reserve.exchange(nullptr) : nullptr;
  if (held == nullptr) {
    throw std::bad_alloc();
  }
  std::free(held);  // NOLINT: see Refill
}

}  // namespace

void CommitReserve::Install() {
  Refill();
  std::set_new_handler(OnFailedAllocation);
  installed = true;
}

void CommitReserve::Release() {
  std::free(reserve.exchange(nullptr));  // NOLINT: see Refill
}

CommitReserve::Scope::Scope() {
  if (reserve.load(std::memory_order_relaxed) == nullptr && installed && depth == 0 && !Refill()) {
    throw std::bad_alloc();
  }
  ++depth;
}

CommitReserve::Scope::~Scope() {
  --depth;
}

}  // namespace weir
