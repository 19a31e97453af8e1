// SPDX-License-Identifier: Apache-2.0
// BodyBudget: the memory that the bodies of all requests and answers under way may take together.
#pragma once

#include <atomic>
#include <cstddef>

namespace weir::server {

// Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t limit) : limit_(limit) {}
  // While the budget is full, no large body is read and no POST carried out (Session::IsOverload).
  [[nodiscard]] bool full() const { return used_.load(std::memory_order_relaxed) > limit_; }

 private:
  friend class BodyShare;
  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

// The part of a budget that one connection takes. Small bodies do not count. Not thread-safe.
class BodyShare {
 public:
  // Bodies of fewer bytes than this together do not count.
  static constexpr std::size_t kLeast = std::size_t{64} * 1024;

  explicit BodyShare(BodyBudget& budget) : budget_(budget) {}
  ~BodyShare() { Set(0); }
  BodyShare(const BodyShare&) = delete;
  BodyShare& operator=(const BodyShare&) = delete;

  // `bytes` is what the connection's bodies take now.
  void Set(std::size_t bytes) {
    const std::size_t counted = bytes < kLeast ? 0 : bytes;
    if (counted != counted_) {
      budget_.used_.fetch_add(counted - counted_, std::memory_order_relaxed);  // modulo 2^64
      counted_ = counted;
    }
  }

 private:
  BodyBudget& budget_;
  std::size_t counted_ = 0;
};

}  // namespace weir::server
