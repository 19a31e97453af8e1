// SPDX-License-Identifier: Apache-2.0
// Time, as everything but sockets sees it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "core/mutex.h"

namespace weir {

// Microseconds since the Unix epoch, UTC.
using Micros = std::chrono::duration<std::int64_t, std::micro>;

// Where TTL, iterator expiry, trimming, rotation and idempotency windows take their time from.
// Thread-safe. Never goes backwards.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Micros Now() const = 0;
};

// The machine's clock. When that is set back, time goes on from where it was at the pace of a clock
// that nobody sets, until the machine's has caught up.
class SystemClock final : public Clock {
 public:
  // Both in microseconds: the machine's clock, and one that only runs.
  using Source = std::function<std::int64_t()>;
  SystemClock();
  SystemClock(Source settable, Source steady);

  [[nodiscard]] Micros Now() const override;

 private:
  // The time by the steady clock, at least that of the machine's.
  [[nodiscard]] std::int64_t Bridged(std::int64_t now) const;

  const Source settable_;  // empty: the machine's
  const Source steady_;
  mutable std::atomic<std::int64_t> latest_{0};
  // While the machine's clock is behind: a time that was shown, and what the steady clock said
  // then.
  mutable Mutex bridge_mutex_;
  mutable std::int64_t bridge_time_ WEIR_GUARDED_BY(bridge_mutex_) = 0;
  mutable std::int64_t bridge_steady_ WEIR_GUARDED_BY(bridge_mutex_) = 0;
};

// Stands still until it is told otherwise.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Micros start) : now_(start.count()) {}
  [[nodiscard]] Micros Now() const override { return Micros(now_.load()); }
  // `by` must not be negative.
  void Advance(Micros by);

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace weir
