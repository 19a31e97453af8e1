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

// Shared by the session that waits, the thread that answers and the worker that sees whether the
// client is still there. Thread-safe.
class DeferredAnswer {
 public:
  using Ptr = std::shared_ptr<DeferredAnswer>;
  using Task = std::function<void()>;

  // Has `later` make the answer, and `resume` called, on any thread, when it is there.
  static Ptr Begin(
      const std::function<protocol::HttpResponse::Cancel(protocol::HttpResponse::Done)>& later) {
    const auto answer = std::make_shared<DeferredAnswer>();
    Task cancel =
        later([answer](protocol::HttpResponse made) { answer->Complete(std::move(made)); });
    const MutexLock lock(answer->mutex_);
    answer->cancel_ = std::move(cancel);
    return answer;
  }

  // Calls `resume` once, when there is an answer or the client has left: now, if that is so.
  void ResumeBy(Task resume) {
    {
      const MutexLock lock(mutex_);
      if (!answer_.has_value() && !left_) {
        resume_ = std::move(resume);
        return;
      }
    }
    resume();
  }

  // The client has left: ends the work, if that can be done.
  void Leave() {
    Task resume;
    Task cancel;
    {
      const MutexLock lock(mutex_);
      if (answer_.has_value() || std::exchange(left_, true)) {
        return;
      }
      resume = std::exchange(resume_, nullptr);
      cancel = std::exchange(cancel_, nullptr);
    }
    if (cancel) {
      cancel();
    }
    if (resume) {
      resume();
    }
  }
  [[nodiscard]] bool left() const {
    const MutexLock lock(mutex_);
    return left_;
  }

  // The session waits no longer, whatever comes. What would have resumed it is for the caller to
  // destroy.
  [[nodiscard]] Task Abandon() {
    const MutexLock lock(mutex_);
    left_ = true;
    cancel_ = nullptr;
    return std::exchange(resume_, nullptr);
  }

  // The answer, once it is there.
  [[nodiscard]] std::optional<protocol::HttpResponse> Take() {
    const MutexLock lock(mutex_);
    return std::exchange(answer_, std::nullopt);
  }

 private:
  void Complete(protocol::HttpResponse answer) {
    Task resume;
    {
      const MutexLock lock(mutex_);
      if (left_) {
        return;
      }
      answer_ = std::move(answer);
      cancel_ = nullptr;
      resume = std::exchange(resume_, nullptr);
    }
    if (resume) {
      resume();
    }
  }

  mutable Mutex mutex_;
  Task resume_ WEIR_GUARDED_BY(mutex_);
  Task cancel_ WEIR_GUARDED_BY(mutex_);
  std::optional<protocol::HttpResponse> answer_ WEIR_GUARDED_BY(mutex_);
  bool left_ WEIR_GUARDED_BY(mutex_) = false;
};

}  // namespace weir::server
