// SPDX-License-Identifier: Apache-2.0
// The settings of asynchronous invocations.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "protocol/request_context.h"
#include "services/lambda/functions/configuration_request.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

using protocol::JsonNode;
using protocol::JsonTree;
using protocol::MemberPath;

constexpr int kMostRetries = 2;
constexpr int kLeastAge = 60;
constexpr int kMostAge = 21'600;
constexpr std::int64_t kMaxConfigs = 50;

LambdaError NoFunction() {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound, "The function doesn't exist.");
}

LambdaError NoConfig(const FunctionName& name) {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                         "The function " + name.Arn() + " doesn't have an EventInvokeConfig");
}

// The name in the path; without a qualifier, the settings are those of $LATEST.
LambdaResult<FunctionName> SettingsName(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(FunctionName name, NameOf(operation, NameKind::kNamespaced));
  if (name.qualifier.empty()) {
    name.qualifier = kLatest;
  }
  return name;
}

struct Request {
  EventInvokeConfig config;
  bool has_destinations = false;  // empty ones
};

void ReadDestinations(MemberReader& members, Request& request,
                      std::optional<LambdaError>& refusal) {
  const std::optional<JsonNode> config = members.Object("DestinationConfig");
  if (!config.has_value()) {
    return;
  }
  request.has_destinations = true;
  const MemberPath path = members.PathOf("DestinationConfig");
  MemberReader destinations(*config, members.faults(), &path);
  for (const std::string_view name : {"OnSuccess", "OnFailure"}) {
    if (const std::optional<JsonNode> object = destinations.Object(name); object.has_value()) {
      const MemberPath member_path = destinations.PathOf(name);
      MemberReader destination(*object, members.faults(), &member_path);
      if (!destination.Text("Destination").value_or("").empty()) {
        RefuseByName("DestinationConfig." + std::string(name), refusal);
      }
    }
  }
}

LambdaResult<Request> Read(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  Request request;
  std::optional<LambdaError> refusal;
  if (const auto retries = members.Integer("MaximumRetryAttempts", 0, kMostRetries);
      retries.has_value()) {
    request.config.maximum_retry_attempts = static_cast<int>(*retries);
  }
  if (const auto age = members.Integer("MaximumEventAgeInSeconds", kLeastAge, kMostAge);
      age.has_value()) {
    request.config.maximum_event_age_s = static_cast<int>(*age);
  }
  ReadDestinations(members, request, refusal);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (refusal.has_value()) {
    return *refusal;
  }
  if (!request.config.maximum_retry_attempts.has_value() &&
      !request.config.maximum_event_age_s.has_value() && !request.has_destinations) {
    return InvalidParameterValue(
        "You must specify at least one of error handling or destination setting.");
  }
  request.config.last_modified = operation.functions.clock().Now();
  return request;
}

// Checks that the qualifier is one of a version or an alias.
LambdaStatus CheckQualifier(const Operation& operation, const FunctionName& name) {
  const FunctionPtr function = operation.functions.Find(name.name);
  const bool exists = function != nullptr && name.account == protocol::kAccount &&
                      FindVersion(*function, name.qualifier).configuration != nullptr;
  return exists ? LambdaStatus() : LambdaStatus(NoFunction());
}

// Sets the settings, or only those that the request has.
LambdaStatus Put(const Operation& operation, bool only_given) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, SettingsName(operation));
  WEIR_ASSIGN_OR_RETURN(const Request request, Read(operation));
  WEIR_RETURN_IF_ERROR(CheckQualifier(operation, name));
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr changed,
                        operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
                          const auto found = function.event_invoke.find(name.qualifier);
                          if (only_given && found == function.event_invoke.end()) {
                            return NoConfig(name);
                          }
                          EventInvokeConfig config = request.config;
                          if (only_given && !config.maximum_retry_attempts.has_value()) {
                            config.maximum_retry_attempts = found->second.maximum_retry_attempts;
                          }
                          if (only_given && !config.maximum_event_age_s.has_value()) {
                            config.maximum_event_age_s = found->second.maximum_event_age_s;
                          }
                          function.event_invoke.insert_or_assign(name.qualifier, config);
                          return {};
                        }));
  Answer(kOk, EventInvokeJson(*changed, name.qualifier, changed->event_invoke.at(name.qualifier)),
         operation.response);
  return {};
}

}  // namespace

LambdaStatus PutFunctionEventInvokeConfig(const Operation& operation) {
  return Put(operation, false);
}

LambdaStatus UpdateFunctionEventInvokeConfig(const Operation& operation) {
  return Put(operation, true);
}

LambdaStatus GetFunctionEventInvokeConfig(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, SettingsName(operation));
  const LambdaResult<FunctionPtr> function = FindFunction(operation, name);
  if (!function.ok()) {
    return NoConfig(name);
  }
  const auto config = function.value()->event_invoke.find(name.qualifier);
  if (config == function.value()->event_invoke.end()) {
    return NoConfig(name);
  }
  Answer(kOk, EventInvokeJson(*function.value(), name.qualifier, config->second),
         operation.response);
  return {};
}

LambdaStatus DeleteFunctionEventInvokeConfig(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, SettingsName(operation));
  if (!FindFunction(operation, name).ok()) {
    return NoConfig(name);
  }
  WEIR_RETURN_IF_ERROR(
      operation.functions.Change(name, [&name](Function& function) -> LambdaStatus {
        return function.event_invoke.erase(name.qualifier) != 0 ? LambdaStatus()
                                                                : LambdaStatus(NoConfig(name));
      }));
  return AnswerNothing(operation);
}

LambdaStatus ListFunctionEventInvokeConfigs(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  const LambdaResult<FunctionPtr> function = FindFunction(operation, name);
  if (!function.ok()) {
    return NoFunction();
  }
  WEIR_ASSIGN_OR_RETURN(Page page, Page::Of(operation, kMaxConfigs));
  Json json = {{"FunctionEventInvokeConfigs", Json::array()}};
  for (const auto& [qualifier, config] : function.value()->event_invoke) {
    if (page.Takes(qualifier)) {
      json["FunctionEventInvokeConfigs"].push_back(
          EventInvokeJson(*function.value(), qualifier, config));
    }
  }
  page.AddMarker(json);
  Answer(kOk, json, operation.response);
  return {};
}

}  // namespace weir::lambda
