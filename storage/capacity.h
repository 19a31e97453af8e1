// SPDX-License-Identifier: Apache-2.0
// The capacity of a table or a global secondary index, and its last changes.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "core/clock.h"

namespace weir::storage {

// Units per second: the provisioned capacity (both 0 for an on-demand table), or the warm
// throughput.
struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};

// A value whose changes take effect after a while. Until a change is due, the value before it
// applies.
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

  // The value once the last change is due.
  [[nodiscard]] const T& value() const { return value_; }
  // The value before the last change.
  [[nodiscard]] const T& before() const { return before_; }
  [[nodiscard]] const T& At(Micros now) const { return IsSettled(now) ? value_ : before_; }
  [[nodiscard]] bool IsSettled(Micros now) const { return now >= due_; }
  // When the last change takes effect, or took effect; 0 if there was none.
  [[nodiscard]] Micros due() const { return due_; }

  friend constexpr auto RecordMembers(const Settling* /*type*/) {
    return std::tuple(&Settling::value_, &Settling::before_, &Settling::due_);
  }

 private:
  T value_{};
  T before_{};
  Micros due_{0};
};

struct ProvisionedCapacity {
  Throughput units;
  // How many decreases there were on the UTC day of the last decrease.
  std::int64_t decreases = 0;
};

// The most units per second that an on-demand table or index may take; nullopt: no limit.
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
