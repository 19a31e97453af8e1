// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/attachment_leases.h"

#include <utility>

#include "core/uuid.h"

namespace weir::lambda {

AttachmentLeases::~AttachmentLeases() {
  std::unique_ptr<BackgroundExecutor> executor;  // ends first, without the lock
  std::map<std::string, Held, std::less<>> left;
  {
    const MutexLock lock(mutex_);
    left.swap(held_);
    executor.swap(executor_);
  }
  executor = nullptr;
  for (const auto& [id, held] : left) {
    attachments_.Detach(held.handle);
  }
}

Result<AttachmentLeases::Lease, std::string> AttachmentLeases::Begin(std::string_view function) {
  {
    const MutexLock lock(mutex_);
    if (held_.size() + beginning_ >= kMost) {
      return "There are " + std::to_string(kMost) + " attached processes already";
    }
    if (executor_ == nullptr) {
      executor_ = std::make_unique<BackgroundExecutor>();
    }
    ++beginning_;
  }
  // Without the lock: it opens a port.
  Result<Attachment, std::string> attachment = attachments_.Attach(function);
  const Clock::time_point until = Clock::now() + term_;
  Lease lease{NewUuid(), {}};
  {
    const MutexLock lock(mutex_);
    --beginning_;
    if (!attachment.ok()) {
      return std::move(attachment).error();
    }
    lease.attachment = std::move(attachment).value();
    held_.emplace(lease.id, Held{std::string(function), lease.attachment.handle, until});
    executor_->PostAt(until, [this, id = lease.id] { EndIfDue(id); });
  }
  return lease;
}

bool AttachmentLeases::Renew(std::string_view function, std::string_view id) {
  const MutexLock lock(mutex_);
  const auto found = held_.find(id);
  if (found == held_.end() || found->second.function != function) {
    return false;
  }
  found->second.until = Clock::now() + term_;
  return true;
}

bool AttachmentLeases::End(std::string_view function, std::string_view id) {
  std::string handle;
  {
    const MutexLock lock(mutex_);
    const auto found = held_.find(id);
    if (found == held_.end() || found->second.function != function) {
      return false;
    }
    handle = std::move(found->second.handle);
    held_.erase(found);
  }
  attachments_.Detach(handle);
  return true;
}

void AttachmentLeases::EndIfDue(const std::string& id) {
  std::string function;
  {
    const MutexLock lock(mutex_);
    const auto found = held_.find(id);
    if (found == held_.end()) {
      return;
    }
    if (found->second.until > Clock::now() && executor_ != nullptr) {
      executor_->PostAt(found->second.until, [this, id] { EndIfDue(id); });
      return;
    }
    function = found->second.function;
  }
  End(function, id);
}

}  // namespace weir::lambda
