// SPDX-License-Identifier: Apache-2.0
// AdjustableClock: the service's time, which can be stopped and moved forward, never back.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "core/clock.h"
#include "core/mutex.h"

namespace weir {

// How an AdjustableClock stands to its base.
struct ClockState {
  std::optional<Micros> frozen_at;  // the time shown while it stands still
  Micros ahead{0};                  // of the base while it runs; may be negative
};

// Either stands still or runs with `base`, at some distance from it. Never goes back. Thread-safe;
// reading it takes no lock. `base` must outlive it.
class AdjustableClock final : public Clock {
 public:
  explicit AdjustableClock(const Clock& base, const ClockState& state = {})
      : base_(base),
        held_(state.frozen_at.has_value() ? state.frozen_at->count() : kRuns),
        ahead_(state.ahead.count()) {}

  [[nodiscard]] Micros Now() const override;
  [[nodiscard]] bool frozen() const { return held_.load() != kRuns; }
  // Only right if nobody changes the clock meanwhile.
  [[nodiscard]] ClockState state() const {
    return {.frozen_at = frozen() ? std::optional(Micros(held_.load())) : std::nullopt,
            .ahead = Micros(ahead_.load())};
  }

  // Stops the clock and returns the time that it shows from then on. No reader has seen a later
  // time.
  Micros Freeze();
  // Lets a frozen clock run on from the time that it shows.
  void Resume();
  // Moves the clock forward to `time`, unless it already shows that time or a later one. A frozen
  // clock stays frozen, and a running one runs on.
  void MoveTo(Micros time);

 private:
  // Marks a running clock in `held_`: no clock ever shows this time.
  static constexpr std::int64_t kRuns = INT64_MIN;

  // The time shown. Only right if nobody changes the clock meanwhile; see `version_`.
  [[nodiscard]] std::int64_t Shown() const;

  const Clock& base_;
  Mutex change_;
  // Odd while a change is under way. A reader that finds it odd or changed reads the time again: it
  // might otherwise return a later time than the one at which a Freeze stopped the clock.
  std::atomic<std::uint64_t> version_{0};
  std::atomic<std::int64_t> held_;   // the time shown while frozen
  std::atomic<std::int64_t> ahead_;  // ahead of `base_` while running; may be negative
};

}  // namespace weir
