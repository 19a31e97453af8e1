// SPDX-License-Identifier: Apache-2.0
// AdjustableClock: the service's time, which can be stopped and moved on, never back.
#pragma once

#include <atomic>
#include <cstdint>

#include "core/clock.h"
#include "core/mutex.h"

namespace weir {

// Follows `base` at a distance that only grows, or stands still. Thread-safe; reading it takes no
// lock. `base` must outlive it.
class AdjustableClock final : public Clock {
 public:
  explicit AdjustableClock(const Clock& base) : base_(base) {}

  [[nodiscard]] Micros Now() const override;
  [[nodiscard]] bool frozen() const { return held_.load() != kRuns; }

  // Stops at the present time, which it returns. No reader has seen a later one.
  Micros Freeze();
  // Runs on from the time it shows.
  void Resume();
  // Shows `time`, unless it shows that or a later one already. Frozen or running as before.
  void MoveTo(Micros time);

 private:
  // No point in time that a clock shows.
  static constexpr std::int64_t kRuns = INT64_MIN;

  // The time, if nobody changes the clock meanwhile.
  [[nodiscard]] std::int64_t Shown() const;

  const Clock& base_;
  Mutex change_;
  // Odd while a change is under way. A reader that finds it changed looks again, so that no time it
  // took from `base_` before a Freeze comes to light after it.
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::int64_t> held_{kRuns};  // the time shown while frozen
  std::atomic<std::int64_t> ahead_{0};     // of `base_`, while running
};

}  // namespace weir
