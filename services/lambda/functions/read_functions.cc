// SPDX-License-Identifier: Apache-2.0
// GetFunction, GetFunctionConfiguration, ListFunctions and DeleteFunction.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/text.h"
#include "protocol/check_fault.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

constexpr std::array<std::string_view, 1> kFunctionVersions = {"ALL"};

struct Found {
  FunctionPtr function;
  NamedVersion version;
};

LambdaResult<Found> Find(const Operation& operation, const FunctionName& name) {
  WEIR_ASSIGN_OR_RETURN(FunctionPtr function, FindFunction(operation, name));
  NamedVersion version = FindVersion(*function, name.qualifier);
  if (version.configuration == nullptr) {
    return FunctionNotFound(name);
  }
  return Found{std::move(function), std::move(version)};
}

Json Describe(const Found& found, const FunctionName& name) {
  Json json = ConfigurationJson(*found.function, found.version.version,
                                *found.version.configuration, VersionState::kSettled);
  json["FunctionArn"] = found.function->Arn(name.qualifier);
  return json;
}

// Where the code is: a URL of this server, or the folder that it runs from.
Json CodeJson(const Operation& operation, const Found& found) {
  const Code& code = found.version.configuration->code;
  Json json = {{"RepositoryType", "S3"}};
  if (!code.folder.empty()) {
    json["Location"] = "file://" + code.folder.string();
  } else if (!code.sha256.empty()) {
    json["Location"] = "http://" + std::string(operation.call.context.host) + "/_weir/functions/" +
                       found.function->name + "/code?version=" + found.version.version +
                       "&token=" + operation.functions.token();
  }
  return json;
}

// Which aliases keep a version from being deleted: "[blue, green]"; empty if there is none.
std::string AliasesOf(const Function& function, std::string_view version) {
  std::string names;
  for (const auto& [name, alias] : function.aliases) {
    if (alias.version == version || alias.weights.contains(std::string(version))) {
      names.append(names.empty() ? "[" : ", ").append(name);
    }
  }
  return names.empty() ? names : names + "]";
}

}  // namespace

LambdaStatus GetFunction(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const Found found, Find(operation, name));
  Json json = {{"Configuration", Describe(found, name)}, {"Code", CodeJson(operation, found)}};
  if (!found.function->tags.empty()) {
    json["Tags"] = Json(found.function->tags);
  }
  if (found.function->reserved_concurrency.has_value()) {
    json["Concurrency"] = {{"ReservedConcurrentExecutions", *found.function->reserved_concurrency}};
  }
  Answer(kOk, json, operation.response);
  return {};
}

LambdaStatus GetFunctionConfiguration(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const Found found, Find(operation, name));
  Answer(kOk, Describe(found, name), operation.response);
  return {};
}

LambdaStatus ListFunctions(const Operation& operation) {
  RequestFaults faults;
  const std::string_view versions = operation.call.parameter("FunctionVersion");
  if (!versions.empty()) {
    CheckText(protocol::MemberPath(nullptr, "FunctionVersion"),
              Excerpt(versions, protocol::kMaxEchoSize), {.values = kFunctionVersions}, faults);
  }
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  // There are no replicas of functions of other regions, so ALL asks for nothing more.
  if (const std::string_view master = operation.call.parameter("MasterRegion");
      !master.empty() && master != "ALL") {
    return InvalidParameterValue("MasterRegion is not supported by Weir yet");
  }
  WEIR_ASSIGN_OR_RETURN(Page page, Page::Of(operation, kMaxItems));
  Json json = {{"Functions", Json::array()}};
  for (const FunctionPtr& function : operation.functions.Snapshot()) {
    const std::string key = function->name + " ";  // a space comes before all that names have
    if (page.Takes(key + VersionOrder(0))) {
      Json listed = ConfigurationJson(*function, kLatest, function->latest, VersionState::kListed);
      if (!versions.empty()) {
        listed["FunctionArn"] = function->Arn(kLatest);
      }
      json["Functions"].push_back(std::move(listed));
    }
    for (const auto& [number, version] : function->versions) {
      if (!versions.empty() && page.Takes(key + VersionOrder(number))) {
        json["Functions"].push_back(QualifiedConfigurationJson(
            *function, std::to_string(number), version->configuration, VersionState::kListed));
      }
    }
  }
  page.AddMarker(json);
  Answer(kOk, json, operation.response);
  return {};
}

LambdaStatus DeleteFunction(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  if (name.qualifier == kLatest) {
    return InvalidParameterValue(
        "$LATEST version cannot be deleted without deleting the function.");
  }
  FunctionName whole = name;
  whole.qualifier.clear();
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, whole));
  if (name.qualifier.empty()) {
    return operation.functions.Remove(name.name) ? AnswerNothing(operation)
                                                 : LambdaStatus(FunctionNotFound(whole));
  }
  // A version that is not there counts as deleted.
  const std::optional<std::uint64_t> number = VersionNumber(name.qualifier);
  if (!number.has_value() || !function->versions.contains(*number)) {
    return AnswerNothing(operation);
  }
  WEIR_RETURN_IF_ERROR(operation.functions.Change(whole, [&](Function& changed) -> LambdaStatus {
    if (const std::string aliases = AliasesOf(changed, name.qualifier); !aliases.empty()) {
      return MakeLambdaError(
          LambdaErrorCode::kResourceConflict,
          "Unable to delete version because the following aliases reference it: " + aliases);
    }
    changed.versions.erase(*number);
    changed.policies.erase(name.qualifier);
    changed.event_invoke.erase(name.qualifier);
    return {};
  }));
  return AnswerNothing(operation);
}

}  // namespace weir::lambda
