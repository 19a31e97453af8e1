// SPDX-License-Identifier: Apache-2.0
#include "core/adjustable_clock.h"

#include <algorithm>
#include <thread>

namespace weir {

std::int64_t AdjustableClock::Shown() const {
  const std::int64_t held = held_.load();
  return held != kRuns ? held : base_.Now().count() + ahead_.load();
}

Micros AdjustableClock::Now() const {
  while (true) {
    const std::uint64_t version = version_.load();
    const std::int64_t shown = Shown();
    if (version % 2 == 0 && version_.load() == version) {
      return Micros(shown);
    }
    std::this_thread::yield();
  }
}

Micros AdjustableClock::Freeze() {
  const MutexLock lock(change_);
  ++version_;
  const std::int64_t shown = Shown();
  held_ = shown;
  ++version_;
  return Micros(shown);
}

void AdjustableClock::Resume() {
  const MutexLock lock(change_);
  ++version_;
  if (frozen()) {
    ahead_ = held_ - base_.Now().count();
    held_ = kRuns;
  }
  ++version_;
}

void AdjustableClock::MoveTo(Micros time) {
  const MutexLock lock(change_);
  ++version_;
  if (frozen()) {
    held_ = std::max(held_.load(), time.count());
  } else {
    ahead_ = std::max(ahead_.load(), time.count() - base_.Now().count());
  }
  ++version_;
}

}  // namespace weir
