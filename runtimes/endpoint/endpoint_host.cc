// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/endpoint_host.h"

#include <cstdint>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "core/base64.h"
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
          .payload = endpoint + " runs one invocation at a time",
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

// The invocations under way. Each leaves once, when its answer comes or when the host stops,
// whichever is first.
class EndpointHost::Running {
 public:
  struct Admission {
    std::uint64_t number = 0;
    std::optional<InvokeOutcome> refusal;
  };

  // Takes `done` unless it refuses the invocation.
  Admission Enter(const std::string& endpoint, Done& done) {
    const MutexLock lock(mutex_);
    if (stopping_) {
      return {.refusal = Stopping()};
    }
    // By this, and not by the emulator's own refusal: some releases crash instead.
    // https://github.com/aws/aws-lambda-runtime-interface-emulator/issues/97
    if (IsEmulator(endpoint)) {
      for (const auto& [number, invocation] : invocations_) {
        if (invocation.endpoint == endpoint) {
          return {.refusal = Busy(endpoint)};
        }
      }
    }
    const std::uint64_t number = next_number_++;
    invocations_.emplace(number, Invocation{endpoint, std::move(done)});
    return {.number = number, .refusal = std::nullopt};
  }

  // nullptr if the invocation has left already.
  Done Leave(std::uint64_t number) {
    const MutexLock lock(mutex_);
    auto invocation = invocations_.extract(number);
    return invocation.empty() ? nullptr : std::move(invocation.mapped().done);
  }

  void Stop() {
    std::map<std::uint64_t, Invocation> left;
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
      left = std::exchange(invocations_, {});
    }
    for (const auto& [number, invocation] : left) {
      invocation.done(Stopping());
    }
  }

 private:
  struct Invocation {
    std::string endpoint;
    Done done;
  };

  Mutex mutex_;
  std::map<std::uint64_t, Invocation> invocations_ WEIR_GUARDED_BY(mutex_);
  std::uint64_t next_number_ WEIR_GUARDED_BY(mutex_) = 0;
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;
};

EndpointHost::EndpointHost(consumers::HttpClient& client, milliseconds start_allowance)
    : client_(client), start_allowance_(start_allowance), running_(std::make_shared<Running>()) {}

void EndpointHost::Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) {
  const auto [number, refusal] = running_->Enter(function->endpoint, done);
  if (refusal.has_value()) {
    done(*refusal);
    return;
  }
  const std::string request_id = request.request_id;
  try {
    client_.Send(CallOf(*function, std::move(request), start_allowance_),
                 [running = running_, number = number, function, request_id](HttpResult result) {
                   if (const Done taken = running->Leave(number); taken != nullptr) {
                     taken(OutcomeOf(*function, request_id, std::move(result)));
                   }
                 });
  } catch (const std::bad_alloc&) {
    if (const Done taken = running_->Leave(number); taken != nullptr) {
      taken({});  // kUnavailable, without a text
    }
  }
}

void EndpointHost::Retire(std::string_view /*name*/) {}

void EndpointHost::Stop() {
  running_->Stop();
}

}  // namespace weir::runtimes
