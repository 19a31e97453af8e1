// SPDX-License-Identifier: Apache-2.0
// ClientRequestTokens: what makes a repeated transaction happen once.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-apis-txwriteitems-idempotency
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "core/result.h"
#include "services/dynamodb/transactions/fingerprint.h"

namespace weir::dynamodb {

// Read units that answering a transaction once more costs, by table.
using ReplayUnits = std::vector<std::pair<std::string, double>>;

// Thread-safe. A token belongs to its operation and counts for ten minutes of the clock after its
// transaction was done.
class ClientRequestTokens {
 public:
  explicit ClientRequestTokens(const Clock& clock) : clock_(clock) {}

  class Use;

  // Starts a transaction under `token`. `key` names the operation and the token. Fails with
  // IdempotentParameterMismatchException if the token stood for another request, with
  // TransactionInProgressException if its transaction is held; waits for one that is under way.
  Result<Use> Begin(std::string key, const Fingerprint& fingerprint);

 private:
  enum class State : std::uint8_t { kRunning, kHeld, kDone };
  struct Entry {
    Fingerprint fingerprint{};
    State state = State::kRunning;
    Micros done{0};
    ReplayUnits replay;
  };
  using Entries = std::unordered_map<std::string, Entry>;

  void ForgetOldLocked() WEIR_REQUIRES(mutex_);

  const Clock& clock_;
  Mutex mutex_;
  ConditionVariable changed_;
  Entries entries_ WEIR_GUARDED_BY(mutex_);
  // The keys of those that are done, the oldest first.
  std::deque<std::pair<Micros, std::string>> done_ WEIR_GUARDED_BY(mutex_);
};

// One transaction's use of its token. Unless Finish is called, the token is as unused again when
// this goes. Movable; not thread-safe itself.
class ClientRequestTokens::Use {
 public:
  Use() = default;  // of no token
  Use(Use&& other) noexcept;
  Use& operator=(Use&& other) noexcept;
  ~Use() { Release(); }

  // The transaction was done before, at this cost of saying so again; it must not run.
  [[nodiscard]] const std::optional<ReplayUnits>& replay() const { return replay_; }

  // The transaction waits; who sends it again is told so at once.
  void Hold();
  // The transaction was done.
  void Finish(ReplayUnits replay);

 private:
  friend class ClientRequestTokens;
  Use(ClientRequestTokens& tokens, std::string key) : tokens_(&tokens), key_(std::move(key)) {}
  explicit Use(ReplayUnits replay) : replay_(std::move(replay)) {}
  void Release();

  ClientRequestTokens* tokens_ = nullptr;  // null once there is nothing to give back
  std::string key_;
  std::optional<ReplayUnits> replay_;
};

}  // namespace weir::dynamodb
