// SPDX-License-Identifier: Apache-2.0
#include "runtimes/runtime_api.h"

#include <cassert>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base64.h"

namespace weir::runtimes {
namespace {

constexpr std::string_view kRoot = "/2018-06-01/runtime/";
constexpr std::string_view kTooLarge =
    "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
static_assert(kMostPayload == 6'291'556);

// Answers as AWS's own emulator of the Runtime API does, which writes the members in this order.
ApiAnswer Fault(int status, std::string_view type, std::string_view message) {
  const nlohmann::ordered_json body = {{"errorMessage", message}, {"errorType", type}};
  return {.status = status, .headers = {}, .body = body.dump()};
}

ApiAnswer Accepted() {
  return {.status = 202, .headers = {}, .body = "{\"status\":\"OK\"}\n"};
}

// The error document of a response that was streamed and failed on the way.
std::string LateError(const ApiRequest& request) {
  std::string body;
  if (DecodeBase64(request.late_error_body, body) == Base64Fault::kNone &&
      nlohmann::json::accept(body)) {
    return body;
  }
  return ErrorDocument(request.late_error_type, "");
}

}  // namespace

std::string ErrorDocument(std::string_view type, std::string_view message) {
  const nlohmann::ordered_json document = {{"errorType", type}, {"errorMessage", message}};
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string_view RuntimeApi::NameOf(State state) {
  switch (state) {
    case State::kStarted:
      return "Started";
    case State::kInitError:
      return "InitError";
    case State::kReady:
      return "Ready";
    case State::kRunning:
      return "Running";
    case State::kResponseSent:
      return "RuntimeResponseSentState";
  }
  return "";
}

void RuntimeApi::Handle(ApiRequest request, ApiClientPtr client) {
  std::string_view path = request.path;
  path = path.substr(0, path.find('?'));
  const bool is_ours = path.starts_with(kRoot);
  path.remove_prefix(is_ours ? kRoot.size() : 0);
  if (is_ours && request.method == "GET" && path == "invocation/next") {
    Next(std::move(client));
    return;
  }
  if (is_ours && request.method == "POST" && path == "init/error") {
    InitError(std::move(request), *client);
    return;
  }
  constexpr std::string_view kInvocation = "invocation/";
  if (is_ours && request.method == "POST" && path.starts_with(kInvocation)) {
    path.remove_prefix(kInvocation.size());
    const std::size_t slash = path.find('/');
    const std::string id(path.substr(0, slash));
    const std::string_view what = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (what == "response" || what == "error") {
      TakeResult(id, what == "error", std::move(request), *client);
      return;
    }
  }
  client->Answer({.status = 404, .headers = {}, .body = "404 page not found\n"});
}

void RuntimeApi::Refuse(std::string_view to, ApiClient& client) const {
  const std::string message = std::string("State transition from ")
                                  .append(NameOf(state_))
                                  .append(" to ")
                                  .append(to)
                                  .append(
                                      " failed for runtime. Error: State transition is not "
                                      "allowed");
  client.Answer(Fault(403, "InvalidStateTransition", message));
}

void RuntimeApi::Next(ApiClientPtr client) {
  const bool is_restart =
      may_restart_ && (state_ == State::kRunning || state_ == State::kInitError);
  const bool is_reconnect = state_ == State::kReady && !next_->connected();
  if (state_ != State::kStarted && state_ != State::kResponseSent && !is_restart && !is_reconnect) {
    Refuse(NameOf(State::kReady), *client);
    return;
  }
  const bool lost = state_ == State::kRunning && !forgotten_;
  state_ = State::kReady;
  next_ = std::move(client);
  if (lost) {
    events_.OnRestarted();
  }
  events_.OnReady();
}

void RuntimeApi::InitError(ApiRequest request, ApiClient& client) {
  if (state_ != State::kStarted) {
    Refuse(NameOf(State::kInitError), client);
    return;
  }
  state_ = State::kInitError;
  events_.OnInitError(std::move(request.body));
  client.Answer(Accepted());
}

void RuntimeApi::Send(ApiInvocation invocation) {
  assert(ready());
  state_ = State::kRunning;
  request_id_ = invocation.request_id;
  forgotten_ = false;
  ApiAnswer answer{.status = 200, .headers = {}, .body = std::move(invocation.payload)};
  const auto add = [&answer](std::string_view name, std::string value) {
    if (!value.empty()) {
      answer.headers.push_back({name, std::move(value)});
    }
  };
  add("Lambda-Runtime-Aws-Request-Id", std::move(invocation.request_id));
  add("Lambda-Runtime-Trace-Id", std::move(invocation.trace_id));
  add("Lambda-Runtime-Client-Context", std::move(invocation.client_context));
  add("Lambda-Runtime-Invoked-Function-Arn", std::move(invocation.invoked_arn));
  add("Lambda-Runtime-Deadline-Ms", std::to_string(invocation.deadline_ms));
  std::exchange(next_, nullptr)->Answer(std::move(answer));
}

void RuntimeApi::TakeResult(std::string_view id, bool is_error, ApiRequest request,
                            ApiClient& client) {
  if (state_ != State::kRunning && state_ != State::kResponseSent) {
    Refuse(is_error ? "InvocationErrorResponse" : "InvocationResponse", client);
    return;
  }
  if (id != request_id_) {
    client.Answer(Fault(400, "InvalidRequestID", "Invalid request ID"));
    return;
  }
  if (state_ == State::kResponseSent) {
    Refuse(is_error ? "InvocationErrorResponse" : "InvocationResponse", client);
    return;
  }
  if (!is_error && !request.response_mode.empty() && request.response_mode != "streaming") {
    client.Answer(Fault(400, "InvalidFunctionResponseMode", "Invalid function response mode"));
    return;
  }
  state_ = State::kResponseSent;
  const bool is_too_large = request.body_size > kMostPayload;
  ApiResult result{.is_error = is_error, .error_type = {}, .payload = std::move(request.body)};
  if (is_too_large) {
    constexpr std::string_view kType = "Function.ResponseSizeTooLarge";
    result = {.is_error = true,
              .error_type = std::string(kType),
              .payload = ErrorDocument(kType, kTooLarge)};
  } else if (!is_error && !request.late_error_type.empty()) {
    result = {.is_error = true, .error_type = {}, .payload = LateError(request)};
  }
  if (!forgotten_) {
    events_.OnResult(std::move(result));
  }
  client.Answer(is_too_large ? Fault(413, "RequestEntityTooLarge",
                                     "Exceeded maximum allowed payload size (" +
                                         std::to_string(kMostPayload) + " bytes).")
                             : Accepted());
}

}  // namespace weir::runtimes
