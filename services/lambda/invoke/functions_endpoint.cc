// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/invoke/functions_endpoint.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "control/control.h"
#include "protocol/rest_routes.h"
#include "protocol/web_page.h"
#include "services/lambda/functions/function_name.h"

namespace weir::lambda {
namespace {

using protocol::HttpRequest;
using protocol::HttpResponse;
using runtimes::Placement;
using Json = nlohmann::ordered_json;

// Functions are found in whatever region is asked for; an error names it.
constexpr std::string_view kAnyRegion = "us-east-1";
constexpr unsigned kBadRequest = 400;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kUnavailable = 503;
constexpr std::string_view kRuntime = "/runtime";
constexpr double kMicrosPerMilli = 1000;

std::string_view NameOf(Placement placement) {
  switch (placement) {
    case Placement::kProcess:
      return "process";
    case Placement::kAttached:
      return "attached";
    case Placement::kEndpoint:
      return "endpoint";
  }
  return {};
}

void Fault(unsigned status, std::string_view text, HttpResponse& response) {
  control::AnswerFault(status, text, response);
}

void Write(const Json& body, HttpResponse& response) {
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Answers 405 unless the method is one of `methods`: "GET, HEAD".
bool CheckMethod(const HttpRequest& request, std::string_view methods, HttpResponse& response) {
  const bool is_known = request.method() == "GET" || request.method() == "HEAD" ||
                        request.method() == "POST" || request.method() == "DELETE";
  if (is_known && methods.find(request.method()) != std::string_view::npos) {
    return true;
  }
  control::AnswerMethodNotAllowed(methods, response);
  return false;
}

// The first value of a member of a query; empty if there is none.
std::string Parameter(std::string_view query, std::string_view name) {
  for (auto& [key, value] : protocol::ReadQuery(query)) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

Json SummaryOf(const FunctionSummary& function, const FunctionCounts& counts,
               const AsyncQueue::Counts& events) {
  Json summary{
      {"name", function.name},
      {"arn", function.arn},
      {"runtime", function.runtime},
      {"placement", NameOf(function.placement)},
      {"processes", function.processes},
      {"underWay", counts.under_way},
      {"invocations", counts.invocations},
      {"errors", counts.errors},
      {"throttles", counts.throttles},
      {"unavailable", counts.unavailable},
  };
  if (counts.invocations != 0) {
    summary["averageDurationMs"] = static_cast<double>(counts.total_time.count()) /
                                   kMicrosPerMilli / static_cast<double>(counts.invocations);
  }
  if (!counts.last_error.empty()) {
    summary["lastError"] = counts.last_error;
  }
  summary["queued"] = events.queued;
  summary["givenUp"] = events.given_up;
  return summary;
}

}  // namespace

void FunctionsEndpoint::Handle(const HttpRequest& request, HttpResponse& response) {
  if (protocol::IsFromPage(request)) {
    Fault(kForbidden, "Web pages may not use functions, nor read what they log.", response);
    return;
  }
  response.content_type = control::kControlContentType;
  std::string_view path = request.path();
  path.remove_prefix(kPath.size());
  if (path.empty() || path == "/") {
    if (CheckMethod(request, "GET, HEAD", response)) {
      List(response);
    }
    return;
  }
  path.remove_prefix(1);
  const std::size_t slash = std::min(path.find('/'), path.size());
  Answer({request, path.substr(0, slash), path.substr(slash)}, response);
}

void FunctionsEndpoint::Answer(const Call& call, HttpResponse& response) {
  if (call.rest.empty()) {
    if (CheckMethod(call.request, "GET, HEAD", response)) {
      Describe(call.name, response);
    }
  } else if (call.rest == "/code") {
    if (CheckMethod(call.request, "GET, HEAD", response)) {
      SendCode(call, response);
    }
  } else if (call.rest == "/logs") {
    if (CheckMethod(call.request, "GET, HEAD", response)) {
      ReadLogs(call, response);
    }
  } else if (call.rest == kRuntime ||
             (call.rest.starts_with(kRuntime) && call.rest[kRuntime.size()] == '/')) {
    AnswerRuntime(call, response);
  } else {
    Fault(kNotFound, "There is no such control endpoint.", response);
  }
}

void FunctionsEndpoint::AnswerRuntime(const Call& call, HttpResponse& response) {
  const bool is_new = call.rest == kRuntime;
  if (!CheckMethod(call.request, is_new ? "POST" : "POST, DELETE", response)) {
    return;
  }
  const LambdaResult<FunctionName> name = ParseNewFunctionName(call.name, kAnyRegion);
  if (!name.ok()) {
    Fault(kBadRequest, name.error().message, response);
  } else if (is_new) {
    Attach(name.value().name, response);
  } else {
    RenewOrEnd({call.request, name.value().name, call.rest.substr(kRuntime.size() + 1)}, response);
  }
}

void FunctionsEndpoint::List(HttpResponse& response) const {
  Json functions = Json::array();
  for (const FunctionSummary& function : parts_.list()) {
    functions.push_back(SummaryOf(function, parts_.invoker->CountsOf(function.name),
                                  parts_.queue->CountsOf(function.name)));
  }
  Write({{"functions", std::move(functions)}}, response);
}

void FunctionsEndpoint::Describe(std::string_view name, HttpResponse& response) const {
  const std::vector<FunctionSummary> all = parts_.list();
  const auto found = std::find_if(all.begin(), all.end(), [name](const FunctionSummary& function) {
    return function.name == name;
  });
  if (found == all.end()) {
    Fault(kNotFound, "Function not found: " + std::string(name), response);
    return;
  }
  Write(SummaryOf(*found, parts_.invoker->CountsOf(name), parts_.queue->CountsOf(name)), response);
}

void FunctionsEndpoint::SendCode(const Call& call, HttpResponse& response) const {
  const std::string_view query = call.request.query();
  std::optional<std::string> zip =
      parts_.code_of(call.name, Parameter(query, "version"), Parameter(query, "token"));
  if (!zip.has_value()) {
    Fault(kNotFound, "There is no such code, or the token is not this server's.", response);
    return;
  }
  response.content_type = "application/zip";
  response.body = *std::move(zip);
}

void FunctionsEndpoint::ReadLogs(const Call& call, HttpResponse& response) const {
  // A function that is gone has left its log.
  std::string group = "/aws/lambda/" + std::string(call.name);
  const LambdaResult<FunctionRef> function = parts_.directory->Resolve(call.name, "", kAnyRegion);
  if (function.ok()) {
    group = function.value().spec->log_group;
  } else if (!parts_.has_logs(group)) {
    Fault(kNotFound, function.error().message, response);
    return;
  }
  parts_.read_logs(group, call.request, response);
}

void FunctionsEndpoint::Attach(std::string_view name, HttpResponse& response) {
  const Result<AttachmentLeases::Lease, std::string> lease = parts_.leases->Begin(name);
  if (!lease.ok()) {
    Fault(kUnavailable, lease.error(), response);
    return;
  }
  const Attachment& attachment = lease.value().attachment;
  Json environment = Json::object();
  for (const auto& [variable, value] : attachment.environment) {
    environment[variable] = value;
  }
  Write({{"id", lease.value().id},
         {"runtimeApi", attachment.runtime_api},
         {"environment", std::move(environment)}},
        response);
}

void FunctionsEndpoint::RenewOrEnd(const Call& call, HttpResponse& response) {
  const bool found = call.request.method() == "POST" ? parts_.leases->Renew(call.name, call.rest)
                                                     : parts_.leases->End(call.name, call.rest);
  if (!found) {
    Fault(kNotFound, "There is no such attachment; it may have ended.", response);
    return;
  }
  Write(Json::object(), response);
}

}  // namespace weir::lambda
