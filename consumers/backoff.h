// SPDX-License-Identifier: Apache-2.0
// Backoff: how long to wait before something that failed is tried again.
#pragma once

#include <cstdint>
#include <random>

#include "core/clock.h"

namespace weir::consumers {

// Waits grow from `first`, twofold each time, to `longest`. Each is made up to `jitter` of itself
// longer or shorter, by a generator with a seed, so that consumers that failed together do not come
// back together, and a test sees the same waits in each run.
struct BackoffOptions {
  Micros first = std::chrono::milliseconds(500);
  Micros longest = std::chrono::seconds(60);
  double jitter = 0.1;
  std::uint64_t seed = 0;
};

// Not thread-safe.
class Backoff {
 public:
  explicit Backoff(const BackoffOptions& options) : options_(options), random_(options.seed) {}

  // The wait after the `failures`-th failure in a row; 1 for the first.
  [[nodiscard]] Micros After(int failures) {
    Micros wait = options_.first;
    for (int i = 1; i < failures && wait < options_.longest; ++i) {
      wait *= 2;
    }
    wait = wait < options_.longest ? wait : options_.longest;
    const double factor =
        std::uniform_real_distribution(1 - options_.jitter, 1 + options_.jitter)(random_);
    return Micros(static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor));
  }

 private:
  BackoffOptions options_;
  std::mt19937_64 random_;
};

}  // namespace weir::consumers
