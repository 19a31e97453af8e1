// SPDX-License-Identifier: Apache-2.0
// Time, as everything but sockets sees it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

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

// The machine's clock, held still while it is set back.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Micros Now() const override;

 private:
  mutable std::atomic<std::int64_t> latest_{0};
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
