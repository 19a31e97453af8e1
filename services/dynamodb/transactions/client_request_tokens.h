// SPDX-License-Identifier: Apache-2.0
// ClientRequestTokens: remembers transactions that were done, so that a repeated request does not
// run its transaction again.
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
#include "storage/engine.h"

namespace weir::dynamodb {

// The read units that answering a repeated request costs, by table name.
using ReplayUnits = std::vector<std::pair<std::string, double>>;

// Thread-safe. A token belongs to one operation. It is remembered for ten minutes of the clock
// after its transaction was done, or until limits::kClientRequestTokens newer ones were.
class ClientRequestTokens {
 public:
  // `engine` keeps the tokens beyond the end of the process, if it is a durable one. Both must
  // outlive it.
  ClientRequestTokens(const Clock& clock, storage::Engine& engine)
      : clock_(clock), engine_(engine) {}

  class Use;

  // Starts a transaction under a token; `key` names the operation and the token. If the transaction
  // was done before, the result has a replay(). Waits while it runs for another request. Fails with
  // IdempotentParameterMismatchException if the token was used with another request, and with
  // TransactionInProgressException if its transaction is held.
  Result<Use> Begin(std::string key, const Fingerprint& fingerprint);

  // Adds a token by the payload of its row (kRequestToken), unless it makes no sense.
  void Adopt(std::string_view row);
  // Whether the payload of such a row makes sense.
  [[nodiscard]] static bool IsRow(std::string_view row) { return ReadRow(row).has_value(); }
  // The rows of all tokens whose transactions are done.
  [[nodiscard]] std::vector<std::string> Rows();

 private:
  enum class State : std::uint8_t { kRunning, kHeld, kDone };
  struct Entry {
    Fingerprint fingerprint{};
    State state = State::kRunning;
    Micros done{0};
    ReplayUnits replay;
  };
  using Entries = std::unordered_map<std::string, Entry>;

  // What a row says.
  struct KeptToken {
    std::string key;
    Entry entry;
    Micros done{0};
  };
  static std::optional<KeptToken> ReadRow(std::string_view row);

  void ForgetOldLocked() WEIR_REQUIRES(mutex_);
  static std::string RowOf(const std::string& key, const Fingerprint& fingerprint, Micros done,
                           const ReplayUnits& replay);

  const Clock& clock_;
  storage::Engine& engine_;
  Mutex mutex_;
  ConditionVariable changed_;
  Entries entries_ WEIR_GUARDED_BY(mutex_);
  // When each done transaction was done, and its key; the oldest first.
  std::deque<std::pair<Micros, std::string>> done_ WEIR_GUARDED_BY(mutex_);
};

// One transaction's use of its token. If it is destroyed before Finish is called, the token counts
// as unused again. The ClientRequestTokens must outlive it. Movable; not thread-safe itself.
class ClientRequestTokens::Use {
 public:
  Use() = default;  // for a request without a token
  Use(Use&& other) noexcept;
  Use& operator=(Use&& other) noexcept;
  ~Use() { Release(); }

  // Has a value if the transaction was done before: what this answer costs. It then must not run.
  [[nodiscard]] const std::optional<ReplayUnits>& replay() const { return replay_; }

  // Marks the transaction as held: a repeated request then fails at once instead of waiting.
  void Hold();
  // Whether there is a token, and an engine that keeps it.
  [[nodiscard]] bool to_keep() const { return tokens_ != nullptr && tokens_->engine_.durable(); }
  // Keeps the token's row, as part of the commit of its transaction.
  void Keep(const ReplayUnits& replay);
  // Marks the transaction as done. `replay` is what repeated requests cost.
  void Finish(ReplayUnits replay);

 private:
  friend class ClientRequestTokens;
  Use(ClientRequestTokens& tokens, std::string key) : tokens_(&tokens), key_(std::move(key)) {}
  explicit Use(ReplayUnits replay) : replay_(std::move(replay)) {}
  void Release();

  ClientRequestTokens* tokens_ = nullptr;  // null if there is no token to release
  std::string key_;
  std::optional<ReplayUnits> replay_;
};

}  // namespace weir::dynamodb
