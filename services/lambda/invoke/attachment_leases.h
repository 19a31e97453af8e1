// SPDX-License-Identifier: Apache-2.0
// AttachmentLeases: attachments that last as long as somebody renews them.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/background.h"
#include "core/mutex.h"
#include "core/result.h"
#include "services/lambda/invoke/attachments.h"

namespace weir::lambda {

// `weir lambda run` can end without a word, so its attachment is ended unless it is renewed. That
// goes by real time. Thread-safe.
class AttachmentLeases {
 public:
  static constexpr std::chrono::milliseconds kTerm = std::chrono::seconds(15);
  static constexpr std::size_t kMost = 100;

  // `attachments` must outlive it.
  explicit AttachmentLeases(Attachments& attachments, std::chrono::milliseconds term = kTerm)
      : attachments_(attachments), term_(term) {}
  // Ends all attachments.
  ~AttachmentLeases();
  AttachmentLeases(const AttachmentLeases&) = delete;
  AttachmentLeases& operator=(const AttachmentLeases&) = delete;

  struct Lease {
    std::string id;
    Attachment attachment;
  };
  // The error is a text for people.
  Result<Lease, std::string> Begin(std::string_view function);
  // Both return false if the function has no such attachment (any more).
  bool Renew(std::string_view function, std::string_view id);
  bool End(std::string_view function, std::string_view id);

 private:
  using Clock = BackgroundExecutor::Clock;
  struct Held {
    std::string function;
    std::string handle;
    Clock::time_point until;
  };
  // Ends a lease whose time is up, or looks again when it will be.
  void EndIfDue(const std::string& id);

  Attachments& attachments_;
  const std::chrono::milliseconds term_;
  Mutex mutex_;
  std::map<std::string, Held, std::less<>> held_ WEIR_GUARDED_BY(mutex_);
  std::size_t beginning_ WEIR_GUARDED_BY(mutex_) = 0;
  // Null before the first lease. Last: its tasks use all members above.
  std::unique_ptr<BackgroundExecutor> executor_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::lambda
