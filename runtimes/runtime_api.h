// SPDX-License-Identifier: Apache-2.0
// The Lambda Runtime API of one process: which of its requests are right at which time, and what
// they are answered. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
//
//   Started --next--> Ready --Send--> Running --response, error--> ResponseSent --next--> Ready
//   Started --init/error--> InitError
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::runtimes {

// The most that a function may return, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
inline constexpr std::size_t kMostPayload = 6'291'556;

struct ApiRequest {
  std::string method;
  std::string path;
  std::string body;  // of a longer one, the first kMostPayload bytes
  std::uint64_t body_size = 0;
  std::string response_mode;  // header Lambda-Runtime-Function-Response-Mode
  // Lambda-Runtime-Function-Error-Type and -Body after the end of a streamed body; empty: none.
  std::string late_error_type;
  std::string late_error_body;
};

struct ApiHeader {
  std::string_view name;  // in static storage
  std::string value;
};

struct ApiAnswer {
  int status = 200;
  std::vector<ApiHeader> headers;
  std::string body;
};

// Whoever sent a request. Answer is called once.
class ApiClient {
 public:
  virtual ~ApiClient() = default;
  virtual void Answer(ApiAnswer answer) = 0;
  // Whether it still waits for an answer.
  [[nodiscard]] virtual bool connected() const = 0;
};
using ApiClientPtr = std::shared_ptr<ApiClient>;

// What is sent to the process.
struct ApiInvocation {
  std::string request_id;
  std::string payload;
  std::string client_context;
  std::string invoked_arn;
  std::string trace_id;
  std::int64_t deadline_ms = 0;  // since 1970, by the machine's clock
};

// What the process sent back.
struct ApiResult {
  bool is_error = false;
  std::string error_type;  // of an error that Weir found; else empty
  std::string payload;
};

// Told of what the process does, before it is answered. Must not destroy the RuntimeApi.
class ApiEvents {
 public:
  virtual ~ApiEvents() = default;
  // The process waits for an invocation.
  virtual void OnReady() = 0;
  // It could not initialise; `error` is its error document.
  virtual void OnInitError(std::string error) = 0;
  // The result of the invocation that was sent last, unless that was forgotten.
  virtual void OnResult(ApiResult result) = 0;
  // A new process asks for an invocation, although the one before has not been answered. Only if
  // processes may be restarted.
  virtual void OnRestarted() = 0;
};

// Not thread-safe. `events` must outlive it.
class RuntimeApi {
 public:
  // With `may_restart`, processes that somebody else starts speak to it, one after the other.
  RuntimeApi(ApiEvents& events, bool may_restart) : events_(events), may_restart_(may_restart) {}

  void Handle(ApiRequest request, ApiClientPtr client);

  // Whether the process waits for an invocation, and is still connected.
  [[nodiscard]] bool ready() const { return state_ == State::kReady && next_->connected(); }
  // Answers the process's request for an invocation. It must be ready.
  void Send(ApiInvocation invocation);
  // Nobody waits for the result any more. It is taken all the same, so that the process goes on.
  void Forget() { forgotten_ = true; }

 private:
  enum class State : std::uint8_t { kStarted, kInitError, kReady, kRunning, kResponseSent };
  static std::string_view NameOf(State state);

  void Next(ApiClientPtr client);
  void InitError(ApiRequest request, ApiClient& client);
  void TakeResult(std::string_view id, bool is_error, ApiRequest request, ApiClient& client);
  // 403: the request does not lead from this state to the one of that name.
  void Refuse(std::string_view to, ApiClient& client) const;

  ApiEvents& events_;
  const bool may_restart_;
  State state_ = State::kStarted;
  ApiClientPtr next_;       // in kReady: who is to get the invocation
  std::string request_id_;  // of the last invocation
  bool forgotten_ = false;
};

// {"errorType":…,"errorMessage":…}, as AWS words an error that is not the function's own.
std::string ErrorDocument(std::string_view type, std::string_view message);

}  // namespace weir::runtimes
