// SPDX-License-Identifier: Apache-2.0
#include "services/dynamodb/transactions/client_request_tokens.h"

#include <utility>

#include "core/limits.h"
#include "core/record.h"

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

std::string ClientRequestTokens::RowOf(const std::string& key, const Fingerprint& fingerprint,
                                       Micros done, const ReplayUnits& replay) {
  std::string row;
  RecordWriter(row).Write(key, fingerprint[0], fingerprint[1], done, replay);
  return row;
}

std::optional<ClientRequestTokens::KeptToken> ClientRequestTokens::ReadRow(std::string_view row) {
  RecordReader reader(row);
  KeptToken kept;
  Entry& entry = kept.entry;
  reader.Read(kept.key, entry.fingerprint[0], entry.fingerprint[1], kept.done, entry.replay);
  entry.state = State::kDone;
  return reader.finished() ? std::optional(std::move(kept)) : std::nullopt;
}

void ClientRequestTokens::Adopt(std::string_view row) {
  std::optional<KeptToken> kept = ReadRow(row);
  if (!kept.has_value()) {
    return;
  }
  const MutexLock lock(mutex_);
  if (!entries_.insert_or_assign(kept->key, std::move(kept->entry)).second) {
    std::erase_if(done_, [&](const auto& known) { return known.second == kept->key; });
  }
  done_.emplace_back(kept->done, std::move(kept->key));
}

std::vector<std::string> ClientRequestTokens::Rows() {
  const MutexLock lock(mutex_);
  ForgetOldLocked();
  std::vector<std::string> rows;
  rows.reserve(done_.size());
  for (const auto& [done, key] : done_) {
    const Entry& entry = entries_[key];
    rows.push_back(RowOf(key, entry.fingerprint, done, entry.replay));
  }
  return rows;
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

void ClientRequestTokens::Use::Keep(const ReplayUnits& replay) {
  Fingerprint fingerprint{};
  {
    const MutexLock lock(tokens_->mutex_);
    fingerprint = tokens_->entries_[key_].fingerprint;
  }
  tokens_->engine_.Keep(storage::RowKind::kRequestToken,
                        RowOf(key_, fingerprint, tokens_->clock_.Now(), replay));
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
