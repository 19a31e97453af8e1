// SPDX-License-Identifier: Apache-2.0
// DeferredAnswer: an answer that is made on another thread than its session's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "core/mutex.h"
#include "protocol/http.h"

namespace weir::server {

// Shared by the session that waits and the thread that answers. Thread-safe.
class DeferredAnswer : public std::enable_shared_from_this<DeferredAnswer> {
 public:
  using Ptr = std::shared_ptr<DeferredAnswer>;
  // Called on the answering thread. Not after Abandon has returned.
  using Wake = std::function<void(const Ptr&)>;

  explicit DeferredAnswer(Wake wake) : wake_(std::move(wake)) {}

  void Complete(protocol::HttpResponse answer) {
    const MutexLock lock(mutex_);
    answer_ = std::move(answer);
    if (wake_) {
      wake_(shared_from_this());
    }
  }

  // The session waits no longer.
  void Abandon() {
    const MutexLock lock(mutex_);
    wake_ = nullptr;
  }
  [[nodiscard]] bool abandoned() const {
    const MutexLock lock(mutex_);
    return !wake_;
  }

  // The answer, once it is there; the session then waits no longer.
  [[nodiscard]] std::optional<protocol::HttpResponse> Take() {
    const MutexLock lock(mutex_);
    if (answer_.has_value()) {
      wake_ = nullptr;
    }
    return std::exchange(answer_, std::nullopt);
  }

 private:
  mutable Mutex mutex_;
  Wake wake_ WEIR_GUARDED_BY(mutex_);
  std::optional<protocol::HttpResponse> answer_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::server
