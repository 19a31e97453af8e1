// SPDX-License-Identifier: Apache-2.0
// LogBudget: the memory that all change logs of a server may take together.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace weir::storage {

// Thread-safe. All logs count the bytes that they keep here. If these are too many, `exceeded` is
// called, so that somebody trims the logs. That does not depend on a clock, so it also works while
// the clock stands still.
class LogBudget {
 public:
  // `exceeded` is called when the logs together grow beyond `limit` bytes, and not again before
  // BeginTrim. It is called under a table's lock, so it should only notify somebody. What it uses
  // must outlive the logs.
  LogBudget(std::uint64_t limit, std::function<void()> exceeded)
      : limit_(limit), exceeded_(std::move(exceeded)) {}

  [[nodiscard]] std::uint64_t limit() const { return limit_; }
  [[nodiscard]] std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

  void Add(std::uint64_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes > limit_ &&
        !told_.exchange(true)) {
      exceeded_();
    }
  }
  void Remove(std::uint64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  // Has `exceeded` called again when the logs next grow while beyond the limit.
  void BeginTrim() { told_ = false; }

 private:
  const std::uint64_t limit_;
  const std::function<void()> exceeded_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<bool> told_{false};
};

}  // namespace weir::storage
