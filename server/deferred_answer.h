// SPDX-License-Identifier: Apache-2.0
// DeferredAnswer: an answer that another thread than the session's may make.
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

  // Calls `later` (HttpResponse::later), which has the answer made. The answer may come on any
  // thread.
  static Ptr Begin(
      const std::function<protocol::HttpResponse::Cancel(protocol::HttpResponse::Done)>& later) {
    const auto answer = std::make_shared<DeferredAnswer>();
    Task cancel =
        later([answer](protocol::HttpResponse made) { answer->Complete(std::move(made)); });
    const MutexLock lock(answer->mutex_);
    answer->cancel_ = std::move(cancel);
    return answer;
  }

  // Calls `resume` once, as soon as there is an answer or NoteReadable was called: now, if that has
  // happened already, else on the thread where it happens.
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

  // Notes that the client has sent something or left.
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
  // Whether that was noted since the last call of TakeReadable.
  [[nodiscard]] bool TakeReadable() {
    const MutexLock lock(mutex_);
    return std::exchange(readable_, false);
  }

  // To be called when the client has left. Cancels the work if it can be cancelled, and drops the
  // answer if it comes.
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

  // Drops the answer if it comes, so that nothing resumes the session any more. Returns what would
  // have resumed it, for the caller to destroy outside of the lock.
  [[nodiscard]] Task Abandon() {
    const MutexLock lock(mutex_);
    left_ = true;
    cancel_ = nullptr;
    return std::exchange(resume_, nullptr);
  }

  // Moves the answer out; nullopt if it has not been made yet.
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
  bool left_ WEIR_GUARDED_BY(mutex_) = false;  // nobody waits for the answer any more
};

}  // namespace weir::server
