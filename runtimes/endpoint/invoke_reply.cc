// SPDX-License-Identifier: Apache-2.0
#include "runtimes/endpoint/invoke_reply.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/text.h"
#include "runtimes/endpoint/lambda_endpoints.h"

namespace weir::runtimes {
namespace {

using consumers::HttpFault;
using consumers::HttpReply;
using consumers::HttpResult;
using Json = nlohmann::ordered_json;
using Kind = InvokeOutcome::Kind;

constexpr unsigned kOk = 200;
constexpr unsigned kBadRequest = 400;
constexpr unsigned kTooManyRequests = 429;
constexpr unsigned kBadGateway = 502;
constexpr std::size_t kExcerpt = 200;

InvokeOutcome Ended(Kind kind, std::string payload) {
  return {.kind = kind, .payload = std::move(payload), .log_tail = {}};
}

InvokeOutcome WithDocument(const char* type, std::string message) {
  const Json document = {{"errorType", type}, {"errorMessage", std::move(message)}};
  return Ended(Kind::kFunctionError, document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// An error that Lambda itself reports.
InvokeOutcome FunctionError(const char* type, const std::string& request_id,
                            std::string_view what) {
  return WithDocument(type, "RequestId: " + request_id + " Error: " + std::string(what));
}

// Whether it is a JSON object with the two members that each error of a runtime has. Everything
// else in it is skipped as it is read, since it may be of any size and depth.
bool IsErrorDocument(std::string_view body) {
  if (!body.starts_with('{')) {
    return false;
  }
  const auto keep = [](int depth, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::key) {
      return depth == 1 && (parsed == "errorType" || parsed == "errorMessage");
    }
    return depth == 0 || event == Json::parse_event_t::value;
  };
  const Json document = Json::parse(body, keep, false);
  const auto has = [&document](const char* member) {
    const auto found = document.find(member);
    return found != document.end() && found->is_string();
  };
  return document.is_object() && has("errorType") && has("errorMessage");
}

// The Runtime Interface Emulator marks errors neither by a header nor by a status
// (https://github.com/aws/aws-lambda-runtime-interface-emulator/issues/20 and /21): a function that
// threw, and one that took too long, are answered with 200. A function that returns such a document
// by itself can't be told from one that threw. The status is 502 if the function's process ended,
// and 400, with nothing, if an invocation is under way already.
std::optional<InvokeOutcome> EmulatorError(const std::string& request_id, HttpReply& reply) {
  if ((reply.status == kOk || reply.status == kBadGateway) && IsErrorDocument(reply.body)) {
    return Ended(Kind::kFunctionError, std::move(reply.body));
  }
  if (reply.status == kOk && reply.body.starts_with("Task timed out after ")) {
    return FunctionError("Sandbox.Timedout", request_id, reply.body);
  }
  if (reply.status == kBadRequest && reply.body.empty()) {
    return Ended(Kind::kThrottled, {});
  }
  return std::nullopt;
}

InvokeOutcome OutcomeOfReply(const FunctionSpec& function, const std::string& request_id,
                             HttpReply reply) {
  if (IsEmulator(function.endpoint)) {
    if (auto outcome = EmulatorError(request_id, reply); outcome.has_value()) {
      return *std::move(outcome);
    }
  }
  if (reply.status == kOk) {
    const bool failed = reply.Header("X-Amz-Function-Error") != nullptr;
    return Ended(failed ? Kind::kFunctionError : Kind::kReturned, std::move(reply.body));
  }
  return Ended(reply.status == kTooManyRequests ? Kind::kThrottled : Kind::kUnavailable,
               function.endpoint + " answered with HTTP status " + std::to_string(reply.status) +
                   ": " + Excerpt(reply.body, kExcerpt));
}

}  // namespace

bool IsEmulator(std::string_view url) {
  return url.ends_with(kEmulatorPath);
}

InvokeOutcome OutcomeOf(const FunctionSpec& function, const std::string& request_id,
                        HttpResult result) {
  if (result.ok()) {
    return OutcomeOfReply(function, request_id, std::move(result).value());
  }
  HttpFault fault = std::move(result).error();
  if (fault.sent && fault.kind == HttpFault::Kind::kTimedOut) {
    const std::string after = std::to_string(function.timeout_s) + ".00 seconds";
    return FunctionError("Sandbox.Timedout", request_id, "Task timed out after " + after);
  }
  if (fault.sent && fault.kind == HttpFault::Kind::kCutOff) {
    // Who was running the function is gone, as when its process ends.
    return FunctionError("Runtime.ExitError", request_id,
                         "Runtime exited without providing a reason");
  }
  if (fault.kind == HttpFault::Kind::kTooLarge) {
    // AWS's text, as runtimes/runtime_api.cc has it.
    return WithDocument(
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
  }
  return Ended(Kind::kUnavailable, std::move(fault.text));
}

}  // namespace weir::runtimes
