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

  // Calls `resume` once, when there is an answer or something of the client's to look at: now, if
  // that is so.
  void ResumeBy(Task resume) {
    {
      const MutexLock lock(mutex_);
      if (!answer_.has_value() && !readable_) {
        resume_ = std::move(resume);
        return;
      }
    }
    resume();
  }

  // The client has sent something, or left.
  void NoteReadable() {
    Task resume;
    {
      const MutexLock lock(mutex_);
      readable_ = true;
      resume = std::exchange(resume_, nullptr);
    }
    if (resume) {
      resume();
    }
  }
  // Whether that was noted since the last call.
  [[nodiscard]] bool TakeReadable() {
    const MutexLock lock(mutex_);
    return std::exchange(readable_, false);
  }

  // The client has left: ends the work, if that can be done. The session waits no longer.
  void Leave() {
    Task cancel;
    {
      const MutexLock lock(mutex_);
      left_ = true;
      cancel = std::exchange(cancel_, nullptr);
    }
    if (cancel) {
      cancel();
    }
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
  bool readable_ WEIR_GUARDED_BY(mutex_) = false;
  bool left_ WEIR_GUARDED_BY(mutex_) = false;  // nobody waits
};

}  // namespace weir::server
