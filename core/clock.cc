// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace weir {

namespace {

std::int64_t MachineTime() {
  return std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t SteadyTime() {
  return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

SystemClock::SystemClock() : steady_(SteadyTime) {}

SystemClock::SystemClock(Source settable, Source steady)
    : settable_(std::move(settable)), steady_(std::move(steady)) {}

Micros SystemClock::Now() const {
  std::int64_t now = settable_ ? settable_() : MachineTime();
  std::int64_t latest = latest_.load(std::memory_order_relaxed);
  if (now < latest) {
    now = Bridged(now);
    latest = latest_.load(std::memory_order_relaxed);
  }
  while (now > latest) {
    if (latest_.compare_exchange_weak(latest, now, std::memory_order_relaxed)) {
      return Micros(now);
    }
  }
  return Micros(latest);
}

std::int64_t SystemClock::Bridged(std::int64_t now) const {
  const MutexLock lock(bridge_mutex_);
  const std::int64_t steady = steady_();
  const std::int64_t latest = latest_.load(std::memory_order_relaxed);
  if (const std::int64_t bridged = bridge_time_ + (steady - bridge_steady_); bridged >= latest) {
    return std::max(now, bridged);
  }
  // The last bridge is out of date: later times of the machine's clock have been shown since. This
  // starts a new one.
  bridge_time_ = latest;
  bridge_steady_ = steady;
  return latest;
}

void ManualClock::Advance(Micros by) {
  assert(by.count() >= 0);
  now_.fetch_add(by.count());
}

}  // namespace weir
