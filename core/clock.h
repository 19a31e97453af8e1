// SPDX-License-Identifier: Apache-2.0
// The time that everything but the sockets goes by.
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

// The machine's clock. If that is set back, time goes on from where it was, at the pace of the
// steady clock, until the machine's clock has caught up.
class SystemClock final : public Clock {
 public:
  // A time in microseconds: `settable` takes the place of the machine's clock, `steady` is of a
  // clock that nobody sets.
  using Source = std::function<std::int64_t()>;
  SystemClock();
  SystemClock(Source settable, Source steady);

  [[nodiscard]] Micros Now() const override;

 private:
  // The time to show while the machine's clock, which shows `now`, is behind: goes on with the
  // steady clock, and is never less than `now`.
  [[nodiscard]] std::int64_t Bridged(std::int64_t now) const;

  const Source settable_;  // empty: the machine's clock
  const Source steady_;
  mutable std::atomic<std::int64_t> latest_{0};
  // While the machine's clock is behind: a time that was shown, and the steady clock's time at that
  // moment.
  mutable Mutex bridge_mutex_;
  mutable std::int64_t bridge_time_ WEIR_GUARDED_BY(bridge_mutex_) = 0;
  mutable std::int64_t bridge_steady_ WEIR_GUARDED_BY(bridge_mutex_) = 0;
};

// Moves only by Advance.
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
