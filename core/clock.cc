// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <cassert>

namespace weir {

Micros SystemClock::Now() const {
  const std::int64_t now =
      std::chrono::duration_cast<Micros>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  std::int64_t latest = latest_.load(std::memory_order_relaxed);
  while (now > latest) {
    if (latest_.compare_exchange_weak(latest, now, std::memory_order_relaxed)) {
      return Micros(now);
    }
  }
  return Micros(latest);
}

void ManualClock::Advance(Micros by) {
  assert(by.count() >= 0);
  now_.fetch_add(by.count());
}

}  // namespace weir
