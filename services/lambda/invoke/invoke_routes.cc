// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/invoke_routes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "core/base64.h"
#include "core/text.h"
#include "core/uuid.h"
#include "protocol/json_tree.h"
#include "services/lambda/errors.h"
#include "services/lambda/invoke/event_stream.h"

namespace weir::lambda {
namespace {

using protocol::HttpResponse;
using protocol::RestCall;
using runtimes::InvokeOutcome;
using runtimes::InvokeRequest;
using Kind = InvokeOutcome::Kind;

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr std::size_t kMostPayload = 6'291'456;       // synchronous
constexpr std::size_t kMostEventPayload = 1'048'576;  // asynchronous
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
constexpr std::size_t kMostClientContext = 3583;  // bytes of Base64
constexpr std::size_t kMostEchoed = 256;
constexpr std::size_t kMostLogTail = 4096;

constexpr unsigned kAccepted = 202;
constexpr unsigned kNoContent = 204;

// What a request asks for, apart from the function.
struct Invocation {
  std::string_view type;  // "RequestResponse", "Event" or "DryRun"
  bool wants_log = false;
  InvokeRequest request;
};

struct EnumHeader {
  std::string_view header;
  std::string_view member;
  std::array<std::string_view, 3> values;  // as AWS orders them; the empty ones are none
};
constexpr EnumHeader kInvocationType{
    "X-Amz-Invocation-Type", "invocationType", {"DryRun", "RequestResponse", "Event"}};
constexpr EnumHeader kStreamingType{
    "X-Amz-Invocation-Type", "invocationType", {"DryRun", "RequestResponse", ""}};
constexpr EnumHeader kLogType{"X-Amz-Log-Type", "logType", {"None", "Tail", ""}};

// The header's value; notes one that is none of the enum.
std::string_view ReadEnum(const RestCall& call, const EnumHeader& header,
                          std::string_view if_missing, std::string& faults, int& count) {
  const std::string_view value = call.request.header(header.header);
  if (value.empty()) {
    return if_missing;
  }
  if (std::find(header.values.begin(), header.values.end(), value) == header.values.end()) {
    std::string set;
    for (const std::string_view known : header.values) {
      set.append(set.empty() || known.empty() ? "" : ", ").append(known);
    }
    faults.append(count == 0 ? "" : "; ").append("Value '").append(Excerpt(value, kMostEchoed));
    faults.append("' at '").append(header.member);
    faults.append("' failed to satisfy constraint: Member must satisfy enum value set: [");
    faults.append(set).append("]");
    ++count;
  }
  return value;
}

LambdaError InvalidContent(std::string message) {
  return MakeLambdaError(LambdaErrorCode::kInvalidRequestContent, std::move(message));
}

// Refuses what a request may have on AWS, but not here.
LambdaStatus RefuseUnsupported(const RestCall& call) {
  constexpr std::pair<std::string_view, std::string_view> kUnsupported[] = {
      {"X-Amz-Tenant-Id", "TenantId"},
      {"X-Amz-Durable-Execution-Name", "DurableExecutionName"},
  };
  for (const auto& [header, member] : kUnsupported) {
    if (!call.request.header(header).empty()) {
      return InvalidParameterValue(std::string(member) + " is not supported by Weir yet");
    }
  }
  return {};
}

LambdaStatus CheckSize(std::size_t size, bool is_event) {
  if (is_event && size > kMostEventPayload) {
    return MakeLambdaError(LambdaErrorCode::kRequestEntityTooLarge,
                           std::to_string(size) +
                               " byte payload is too large for the Event invocation type (limit " +
                               std::to_string(kMostEventPayload) + " bytes)");
  }
  if (size > kMostPayload) {
    return MakeLambdaError(LambdaErrorCode::kRequestEntityTooLarge,
                           "Request must be smaller than " + std::to_string(kMostPayload) +
                               " bytes for the InvokeFunction operation");
  }
  return {};
}

// The payload as the function gets it: `{}` if the request has none.
LambdaResult<std::string> ReadPayload(std::string_view body, bool is_event) {
  WEIR_RETURN_IF_ERROR(CheckSize(body.size(), is_event));
  if (body.empty()) {
    return std::string("{}");
  }
  if (!protocol::JsonTree::Parse(body).has_value()) {
    return InvalidContent(
        "Could not parse request body into json: Could not parse payload into json: the payload "
        "is not one JSON value in UTF-8");
  }
  return std::string(body);
}

LambdaResult<std::string> ReadClientContext(std::string_view header) {
  if (header.size() > kMostClientContext) {
    return InvalidContent("Client context must be no more than " +
                          std::to_string(kMostClientContext) + " bytes.");
  }
  std::string context;
  if (DecodeBase64(header, context) != Base64Fault::kNone ||
      (!header.empty() && !protocol::JsonTree::Parse(context).has_value())) {
    return InvalidContent("Client context must be a valid Base64-encoded JSON object.");
  }
  return context;
}

LambdaResult<Invocation> ReadInvocation(const RestCall& call, const FunctionRef& function,
                                        const EnumHeader& types) {
  Invocation invocation;
  std::string faults;
  int count = 0;
  invocation.type = ReadEnum(call, types, "RequestResponse", faults, count);
  invocation.wants_log = ReadEnum(call, kLogType, "None", faults, count) == "Tail";
  if (count != 0) {
    return MakeLambdaError(LambdaErrorCode::kValidation,
                           std::to_string(count) +
                               (count == 1 ? " validation error" : " validation errors") +
                               " detected: " + faults);
  }
  WEIR_RETURN_IF_ERROR(RefuseUnsupported(call));
  InvokeRequest& request = invocation.request;
  WEIR_ASSIGN_OR_RETURN(request.payload,
                        ReadPayload(call.request.body(), invocation.type == "Event"));
  WEIR_ASSIGN_OR_RETURN(request.client_context,
                        ReadClientContext(call.request.header("X-Amz-Client-Context")));
  request.request_id = NewUuid();
  request.invoked_arn = function.arn;
  return invocation;
}

LambdaResult<FunctionRef> Resolve(const FunctionDirectory& directory, const RestCall& call) {
  return directory.Resolve(call.label("FunctionName"), call.parameter("Qualifier"),
                           call.context.region);
}

// The log's end in Base64. It goes into a header.
std::string LogResult(std::string_view tail) {
  if (tail.size() > kMostLogTail) {
    tail.remove_prefix(tail.size() - kMostLogTail);
  }
  std::string encoded;
  EncodeBase64(tail, encoded);
  return encoded;
}

// The error of an invocation that did not run.
LambdaError NotRun(const InvokeOutcome& outcome) {
  if (outcome.kind == Kind::kThrottled) {
    return {LambdaErrorCode::kTooManyRequests, "Rate Exceeded.", outcome.payload};
  }
  return MakeLambdaError(LambdaErrorCode::kService, outcome.payload);
}

bool HasRun(const InvokeOutcome& outcome) {
  return outcome.kind == Kind::kReturned || outcome.kind == Kind::kFunctionError;
}

// How an answer is made of an invocation's end.
struct AnswerForm {
  std::string request_id;
  std::string version;
  bool wants_log = false;
};

HttpResponse AnswerOf(const AnswerForm& form, InvokeOutcome&& outcome) {
  HttpResponse answer;
  answer.content_type = "application/json";
  answer.request_id = form.request_id;
  if (!HasRun(outcome)) {
    WriteLambdaError(NotRun(outcome), answer);
    return answer;
  }
  if (outcome.kind == Kind::kFunctionError) {
    answer.headers.emplace_back("X-Amz-Function-Error", "Unhandled");
  }
  if (form.wants_log) {
    answer.headers.emplace_back("X-Amz-Log-Result", LogResult(outcome.log_tail));
  }
  answer.headers.emplace_back("X-Amz-Executed-Version", form.version);
  answer.body = std::move(outcome.payload);
  return answer;
}

// The whole answer comes as one chunk, once the function has ended.
HttpResponse StreamedAnswerOf(const AnswerForm& form, InvokeOutcome&& outcome) {
  HttpResponse answer;
  answer.content_type = "application/json";
  answer.request_id = form.request_id;
  if (!HasRun(outcome)) {
    WriteLambdaError(NotRun(outcome), answer);
    return answer;
  }
  answer.content_type = "application/vnd.amazon.eventstream";
  answer.headers.emplace_back("X-Amz-Executed-Version", form.version);
  answer.headers.emplace_back("X-Amzn-Remapped-Content-Type", "application/octet-stream");
  if (outcome.kind == Kind::kReturned) {
    AppendPayloadChunk(outcome.payload, answer.body);
    AppendInvokeComplete({}, form.wants_log ? LogResult(outcome.log_tail) : "", answer.body);
  } else {
    AppendInvokeComplete(outcome.payload, form.wants_log ? LogResult(outcome.log_tail) : "",
                         answer.body);
  }
  return answer;
}

using MakeAnswer = HttpResponse (*)(const AnswerForm& form, InvokeOutcome&& outcome);

// Has the response wait for the invocation. A client that leaves does not end it, as on AWS.
void RunAndAnswer(Invoker& invoker, FunctionRef function, Invocation invocation, MakeAnswer make,
                  HttpResponse& response) {
  response.later = [&invoker, function = std::move(function), make,
                    wants_log = invocation.wants_log,
                    request = std::move(invocation.request)](HttpResponse::Done done) {
    AnswerForm form{request.request_id, function.spec->version, wants_log};
    invoker.Invoke(function, request,
                   [form = std::move(form), make, done = std::move(done)](InvokeOutcome outcome) {
                     done(make(form, std::move(outcome)));
                   });
    return HttpResponse::Cancel();
  };
}

void AnswerEmpty(unsigned status, const InvokeRequest& request, HttpResponse& response) {
  response.status = status;
  response.content_type = {};
  response.request_id = request.request_id;
}

struct Parts {
  const FunctionDirectory& directory;
  Invoker& invoker;
  AsyncQueue& queue;
};

LambdaStatus Invoke(const Parts& parts, const RestCall& call, HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(FunctionRef function, Resolve(parts.directory, call));
  WEIR_ASSIGN_OR_RETURN(Invocation invocation, ReadInvocation(call, function, kInvocationType));
  if (invocation.type == "Event") {
    AnswerEmpty(kAccepted, invocation.request, response);
    return parts.queue.Add(function, std::move(invocation.request));
  }
  if (invocation.type == "DryRun") {
    AnswerEmpty(kNoContent, invocation.request, response);
    response.headers.emplace_back("X-Amz-Executed-Version", function.spec->version);
    return {};
  }
  RunAndAnswer(parts.invoker, std::move(function), std::move(invocation), AnswerOf, response);
  return {};
}

LambdaStatus InvokeAsync(const Parts& parts, const RestCall& call, HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(const FunctionRef function, Resolve(parts.directory, call));
  InvokeRequest request;
  WEIR_ASSIGN_OR_RETURN(request.payload, ReadPayload(call.request.body(), true));
  request.request_id = NewUuid();
  request.invoked_arn = function.arn;
  AnswerEmpty(kAccepted, request, response);
  return parts.queue.Add(function, std::move(request));
}

LambdaStatus InvokeWithResponseStream(const Parts& parts, const RestCall& call,
                                      HttpResponse& response) {
  WEIR_ASSIGN_OR_RETURN(FunctionRef function, Resolve(parts.directory, call));
  WEIR_ASSIGN_OR_RETURN(Invocation invocation, ReadInvocation(call, function, kStreamingType));
  if (invocation.type == "DryRun") {
    AnswerEmpty(kNoContent, invocation.request, response);
    response.headers.emplace_back("X-Amz-Executed-Version", function.spec->version);
    return {};
  }
  RunAndAnswer(parts.invoker, std::move(function), std::move(invocation), StreamedAnswerOf,
               response);
  return {};
}

}  // namespace

void AddInvokeRoutes(protocol::RestRoutes& routes, const FunctionDirectory& directory,
                     Invoker& invoker, AsyncQueue& queue) {
  const Parts parts{directory, invoker, queue};
  using Operation = LambdaStatus (*)(const Parts&, const RestCall&, HttpResponse&);
  const auto add = [&](std::string_view name, std::string_view path, Operation run) {
    routes.Add({.method = "POST",
                .path = path,
                .operation = name,
                .handler = [parts, run](const RestCall& call, HttpResponse& response) {
                  response.content_type = "application/json";
                  if (const LambdaStatus status = run(parts, call, response); !status.ok()) {
                    WriteLambdaError(status.error(), response);
                  }
                }});
  };
  add("Invoke", "/2015-03-31/functions/{FunctionName}/invocations", Invoke);
  add("InvokeAsync", "/2014-11-13/functions/{FunctionName}/invoke-async", InvokeAsync);
  add("InvokeWithResponseStream",
      "/2021-11-15/functions/{FunctionName}/response-streaming-invocations",
      InvokeWithResponseStream);
}

}  // namespace weir::lambda
