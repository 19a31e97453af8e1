// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/client_request_tokens.h"

#include <utility>

#include "core/limits.h"

namespace weir::dynamodb {

Result<ClientRequestTokens::Use> ClientRequestTokens::Begin(std::string key,
                                                            const Fingerprint& fingerprint) {
  const MutexLock lock(mutex_);
  while (true) {
    ForgetOldLocked();
    const auto [entry, is_new] = entries_.try_emplace(key);
    if (is_new) {
      entry->second.fingerprint = fingerprint;
      return Use(*this, std::move(key));
    }
    const Entry& known = entry->second;
    if (known.fingerprint != fingerprint) {
      return MakeError(ErrorCode::kIdempotentParameterMismatch,
                       "Specified idempotent token was used with different request parameters "
                       "within the idempotency window");
    }
    if (known.state == State::kDone) {
      return Use(known.replay);
    }
    if (known.state == State::kHeld) {
      return MakeError(ErrorCode::kTransactionInProgress,
                       "Transaction from previous request is still in progress");
    }
    changed_.Wait(mutex_);
  }
}

void ClientRequestTokens::ForgetOldLocked() {
  const Micros now = clock_.Now();
  while (!done_.empty() && (done_.front().first + limits::kClientRequestTokenLifetime <= now ||
                            done_.size() > limits::kClientRequestTokens)) {
    entries_.erase(done_.front().second);
    done_.pop_front();
  }
}

ClientRequestTokens::Use::Use(Use&& other) noexcept
    : tokens_(std::exchange(other.tokens_, nullptr)),
      key_(std::move(other.key_)),
      replay_(std::move(other.replay_)) {}

ClientRequestTokens::Use& ClientRequestTokens::Use::operator=(Use&& other) noexcept {
  if (this != &other) {
    Release();
    tokens_ = std::exchange(other.tokens_, nullptr);
    key_ = std::move(other.key_);
    replay_ = std::move(other.replay_);
  }
  return *this;
}

void ClientRequestTokens::Use::Hold() {
  if (tokens_ != nullptr) {
    const MutexLock lock(tokens_->mutex_);
    tokens_->entries_[key_].state = State::kHeld;
    tokens_->changed_.NotifyAll();
  }
}

void ClientRequestTokens::Use::Finish(ReplayUnits replay) {
  if (ClientRequestTokens* tokens = std::exchange(tokens_, nullptr)) {
    const MutexLock lock(tokens->mutex_);
    Entry& entry = tokens->entries_[key_];
    entry.state = State::kDone;
    entry.replay = std::move(replay);
    tokens->done_.emplace_back(tokens->clock_.Now(), std::move(key_));
    tokens->changed_.NotifyAll();
  }
}

void ClientRequestTokens::Use::Release() {
  if (ClientRequestTokens* tokens = std::exchange(tokens_, nullptr)) {
    const MutexLock lock(tokens->mutex_);
    tokens->entries_.erase(key_);
    tokens->changed_.NotifyAll();
  }
}

}  // namespace weir::dynamodb
