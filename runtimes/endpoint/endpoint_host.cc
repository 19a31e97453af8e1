// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/endpoint_host.h"

#include <cstdint>
#include <deque>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "core/base64.h"
#include "core/memory_reserve.h"
#include "core/mutex.h"
#include "runtimes/endpoint/invoke_reply.h"
#include "runtimes/runtime_api.h"

namespace weir::runtimes {
namespace {

using consumers::HttpCall;
using consumers::HttpResult;
using std::chrono::milliseconds;
using std::chrono::seconds;

InvokeOutcome Stopping() {
  return {.kind = InvokeOutcome::Kind::kUnavailable, .payload = "the server stops", .log_tail = {}};
}

InvokeOutcome Busy(const std::string& endpoint) {
  return {.kind = InvokeOutcome::Kind::kThrottled,
          .payload = endpoint + " runs one invocation at a time, and " +
                     std::to_string(EndpointHost::kMostWaiting) + " wait",
          .log_tail = {}};
}

HttpCall CallOf(const FunctionSpec& function, InvokeRequest request, milliseconds start_allowance) {
  HttpCall call;
  call.method = "POST";
  call.url = function.endpoint;
  call.headers = {{"Content-Type", "application/json"},
                  {"X-Amz-Invocation-Type", "RequestResponse"},
                  {"X-Amz-Log-Type", "None"}};
  if (!request.client_context.empty()) {
    std::string context;
    EncodeBase64(request.client_context, context);
    call.headers.push_back({"X-Amz-Client-Context", std::move(context)});
  }
  call.body = std::move(request.payload);
  call.timeouts.total = seconds(function.timeout_s) + start_allowance;
  call.limits.body = kMostPayload;
  return call;
}

}  // namespace

// The invocations under way, and those that wait for their emulator. Each ends once: by its answer,
// or when the host stops, whichever is first.
class EndpointHost::Running : public std::enable_shared_from_this<Running> {
 public:
  Running(consumers::HttpClient& client, milliseconds start_allowance)
      : client_(client), start_allowance_(start_allowance) {}

  void Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) {
    const std::string endpoint = function->endpoint;
    const bool is_emulator = IsEmulator(endpoint);
    Turn turn{.function = std::move(function), .request = std::move(request)};
    if (const auto refusal = Enter(endpoint, is_emulator, turn, done); refusal.has_value()) {
      done(*refusal);
    } else if (is_emulator) {
      SendWaiting(endpoint);
    } else {
      Send(std::move(turn));
    }
  }

  void Stop() {
    std::map<std::uint64_t, Done> left;
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
      left = std::exchange(dones_, {});
      emulators_.clear();
    }
    for (const auto& [number, done] : left) {
      done(Stopping());
    }
  }

 private:
  // An invocation that may be sent once it is its turn.
  struct Turn {
    std::uint64_t number = 0;
    FunctionSpecPtr function;
    InvokeRequest request;
  };
  struct Emulator {
    std::deque<Turn> waiting;
    bool is_busy = false;
    bool is_sending = false;  // a thread is in SendWaiting
  };

  // Takes `done` and, for an emulator, `turn`, or refuses the invocation.
  std::optional<InvokeOutcome> Enter(const std::string& endpoint, bool is_emulator, Turn& turn,
                                     Done& done) {
    const MemoryReserve::MustNotFail whole;
    const MutexLock lock(mutex_);
    if (stopping_) {
      return Stopping();
    }
    // By this, and not by the emulator's own refusal: some releases crash instead.
    // https://github.com/aws/aws-lambda-runtime-interface-emulator/issues/97
    if (is_emulator && emulators_[endpoint].waiting.size() == kMostWaiting) {
      return Busy(endpoint);
    }
    turn.number = next_number_++;
    dones_.emplace(turn.number, std::move(done));
    if (is_emulator) {
      emulators_[endpoint].waiting.push_back(std::move(turn));
    }
    return std::nullopt;
  }

  // Sends the emulator what waits for it, unless it is busy, or another call does so: that of the
  // same thread, too, as a call that is refused at once ends before Send returns.
  void SendWaiting(const std::string& endpoint) {
    for (bool is_sending = false;;) {
      Turn turn;
      {
        const MutexLock lock(mutex_);
        const auto found = emulators_.find(endpoint);
        if (found == emulators_.end() || (found->second.is_sending && !is_sending)) {
          return;
        }
        Emulator& emulator = found->second;
        if (emulator.is_busy || emulator.waiting.empty()) {
          emulator.is_sending = false;
          if (!emulator.is_busy) {
            emulators_.erase(found);
          }
          return;
        }
        emulator.is_sending = is_sending = true;
        emulator.is_busy = true;
        turn = std::move(emulator.waiting.front());
        emulator.waiting.pop_front();
      }
      Send(std::move(turn));
    }
  }

  void Send(Turn turn) {
    const std::uint64_t number = turn.number;
    const FunctionSpecPtr function = turn.function;
    try {
      const std::string request_id = turn.request.request_id;
      client_.Send(CallOf(*function, std::move(turn.request), start_allowance_),
                   [self = shared_from_this(), number, function, request_id](HttpResult result) {
                     self->End(number, *function,
                               OutcomeOf(*function, request_id, std::move(result)));
                   });
    } catch (const std::bad_alloc&) {
      End(number, *function, {});  // kUnavailable, without a text
    }
  }

  void End(std::uint64_t number, const FunctionSpec& function, InvokeOutcome outcome) {
    Done done;
    {
      const MutexLock lock(mutex_);
      if (auto one = dones_.extract(number); !one.empty()) {
        done = std::move(one.mapped());
      }
      if (const auto found = emulators_.find(function.endpoint); found != emulators_.end()) {
        found->second.is_busy = false;
      }
    }
    if (done != nullptr) {
      done(std::move(outcome));
    }
    SendWaiting(function.endpoint);
  }

  consumers::HttpClient& client_;
  const milliseconds start_allowance_;
  Mutex mutex_;
  std::map<std::uint64_t, Done> dones_ WEIR_GUARDED_BY(mutex_);  // by number
  // By endpoint: those with an invocation under way, or that wait.
  std::map<std::string, Emulator> emulators_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
};

EndpointHost::EndpointHost(consumers::HttpClient& client, milliseconds start_allowance)
    : running_(std::make_shared<Running>(client, start_allowance)) {}

void EndpointHost::Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) {
  running_->Invoke(std::move(function), std::move(request), std::move(done));
}

void EndpointHost::Retire(std::string_view /*name*/) {}

void EndpointHost::Stop() {
  running_->Stop();
}

}  // namespace weir::runtimes
