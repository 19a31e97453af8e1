// SPDX-License-Identifier: Apache-2.0
// LogBudget: the memory that all change logs of a server may take together.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

namespace weir::storage {

// Thread-safe. Logs count what they keep here; whoever can let go of records does so when told that
// they are too many. Counting goes by no clock, so that a stopped one holds nobody up.
class LogBudget {
 public:
  // `exceeded` is called when a log grows beyond `limit`, and not again before BeginTrim. It is
  // called under a table's lock, so it should do no more than tell somebody; it outlives the logs.
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

  // What is too much from now on is told again.
  void BeginTrim() { told_ = false; }

 private:
  const std::uint64_t limit_;
  const std::function<void()> exceeded_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<bool> told_{false};
};

}  // namespace weir::storage
