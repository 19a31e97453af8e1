// SPDX-License-Identifier: Apache-2.0
#include "services/logs/service.h"

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.h"
#include "protocol/authorization.h"
#include "protocol/json_tree.h"
#include "protocol/web_page.h"

namespace weir::logs {
namespace {

constexpr std::array<std::string_view, 1> kTargetPrefixes = {"Logs_20140328"};
constexpr std::string_view kContentType = "application/x-amz-json-1.1";
constexpr std::size_t kMostNameEchoed = 64;
constexpr unsigned kForbidden = 403;

LogsErrorCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMissingAuthenticationToken:
      return LogsErrorCode::kMissingAuthenticationToken;
    case ErrorCode::kIncompleteSignature:
      return LogsErrorCode::kIncompleteSignature;
    case ErrorCode::kInvalidSignature:
      return LogsErrorCode::kInvalidSignature;
    case ErrorCode::kAccessDenied:
      return LogsErrorCode::kAccessDenied;
    case ErrorCode::kSerialization:
      return LogsErrorCode::kSerialization;
    case ErrorCode::kUnknownOperation:
      return LogsErrorCode::kUnknownOperation;
    default:
      return LogsErrorCode::kServiceUnavailable;
  }
}

// The body as an object; nullopt if it is not one. An empty body is an object without members.
std::optional<nlohmann::json> ReadBody(std::string_view body) {
  if (body.empty()) {
    return nlohmann::json::object();
  }
  // It bounds the depth, and costs less than the other parser spends on a broken text.
  if (!protocol::JsonTree::Parse(body).has_value()) {
    return std::nullopt;
  }
  nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace

LogsService::LogsService(LogStore& store, const Clock& clock) : store_(store), clock_(clock) {
  for (const auto& operations : {GroupOperations(), EventOperations()}) {
    for (const LogsOperation& operation : operations) {
      operations_.emplace(operation.name, operation);
    }
  }
}

protocol::ServiceNames LogsService::names() const {
  return {.title = "CloudWatch Logs",
          .signing_name = "logs",
          .target_prefixes = kTargetPrefixes,
          .query_version = {}};
}

void LogsService::Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) {
  response.content_type = kContentType;
  if (protocol::IsFromPage(request)) {
    WriteLogsError({LogsErrorCode::kAccessDenied, "Web pages may not read or write logs"},
                   response);
    response.status = kForbidden;
    return;
  }
  if (const LogsStatus status = Call(request, response.body); !status.ok()) {
    WriteLogsError(status.error(), response);
  }
}

LogsStatus LogsService::Call(const protocol::HttpRequest& request, std::string& body) const {
  // Decode.
  const std::string_view target = request.header("X-Amz-Target");
  const std::size_t dot = target.find('.');
  if (request.method() != "POST" || dot == std::string_view::npos) {
    return LogsError{LogsErrorCode::kUnknownOperation, {}};
  }
  const std::optional<nlohmann::json> members = ReadBody(request.body());
  if (!members.has_value()) {
    return LogsError{LogsErrorCode::kSerialization, {}};
  }
  const std::string_view name = target.substr(dot + 1);

  // Authenticate.
  const Result<protocol::Credentials> caller = protocol::ReadCredentials(request);
  if (!caller.ok()) {
    return LogsError{CodeOf(caller.error().code), caller.error().message};
  }

  // Validate, execute and encode.
  const auto operation = operations_.find(name);
  if (operation == operations_.end()) {
    return LogsError{LogsErrorCode::kUnknownOperation,
                     Excerpt(name, kMostNameEchoed) + " is not supported by Weir yet"};
  }
  const Millis now = std::chrono::floor<std::chrono::milliseconds>(clock_.Now()).count();
  WEIR_ASSIGN_OR_RETURN(const nlohmann::ordered_json answer,
                        operation->second.run({*members, caller.value().region, now, store_}));
  if (!answer.is_null()) {
    // Functions may print what is not UTF-8.
    body = answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return {};
}

void LogsService::WriteError(const ApiError& error, protocol::HttpResponse& response) {
  WriteLogsError({CodeOf(error.code), error.message}, response);
}

}  // namespace weir::logs
