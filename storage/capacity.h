// SPDX-License-Identifier: Apache-2.0
// The capacity of a table or a global secondary index, and how it came to be.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/clock.h"

namespace weir::storage {

// Units per second: capacity units (both 0 on demand), or what a table is warmed up for.
struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};

// A value that a change reaches only after a while: until it is due the one before stands.
template <class T>
class Settling {
 public:
  Settling() = default;
  explicit Settling(T value) : value_(std::move(value)) {}

  void Set(T value, Micros now, Micros due) {
    before_ = At(now);
    value_ = std::move(value);
    due_ = due;
  }

  // What it is, or will be when it has settled.
  [[nodiscard]] const T& value() const { return value_; }
  // What it was before the last change.
  [[nodiscard]] const T& before() const { return before_; }
  [[nodiscard]] const T& At(Micros now) const { return IsSettled(now) ? value_ : before_; }
  [[nodiscard]] bool IsSettled(Micros now) const { return now >= due_; }
  // When the last change took effect; 0 when there was none.
  [[nodiscard]] Micros due() const { return due_; }

 private:
  T value_{};
  T before_{};
  Micros due_{0};
};

struct ProvisionedCapacity {
  Throughput units;
  // Decreases on the UTC day of the last one.
  std::int64_t decreases = 0;
};

// The most that an on-demand table or index spends; none: no limit.
struct OnDemandLimits {
  std::optional<std::int64_t> read_units;
  std::optional<std::int64_t> write_units;
};

struct Capacity {
  Settling<ProvisionedCapacity> provisioned;
  std::optional<Micros> last_increase;
  std::optional<Micros> last_decrease;
  OnDemandLimits on_demand;
  Settling<Throughput> warm;
};

}  // namespace weir::storage
