// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/text.h"
#include "core/uuid.h"
#include "services/lambda/functions/configuration_request.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::JsonTree;
using protocol::MemberPath;
using Weights = std::map<std::string, double>;

bool IsVersionOrLatest(std::string_view text) {
  return text == kLatest || IsNumber(text);
}

constexpr TextLimits kNameLimits = {
    .min = 1, .max = 128, .matches = IsAliasName, .pattern = kAliasPattern};
constexpr TextLimits kVersionLimits = {.min = 1,
                                       .max = 1024,
                                       .matches = IsVersionOrLatest,
                                       .pattern = R"((\$LATEST(\.PUBLISHED)?|[0-9]+))"};

struct Request {
  std::optional<std::string_view> version;
  std::optional<std::string_view> description;
  std::optional<Weights> weights;
  std::optional<std::string_view> revision_id;
};

// "{1=0.5}"
std::string EchoOf(JsonNode weight) {
  std::string share = weight.kind() == JsonKind::kInteger ? std::to_string(weight.integer()) + ".0"
                                                          : std::string(weight.text());
  return "{" + std::string(weight.key()) + "=" + share + "}";
}

void CheckWeight(JsonNode weight, const MemberPath& path, RequestFaults& faults) {
  if (!IsNumber(weight.key()) || weight.key().size() > 1024) {
    faults.Add(path, EchoOf(weight),
               "Map keys must satisfy constraint: [Member must have length less than or equal to "
               "1024, Member must have length greater than or equal to 1, Member must satisfy "
               "regular expression pattern: [0-9]+, Member must not be null]");
  }
  if (weight.decimal() < 0 || weight.decimal() > 1) {
    faults.Add(
        path, EchoOf(weight),
        "Map value must satisfy constraint: [Member must have value less than or equal to "
        "1.0, Member must have value greater than or equal to 0.0, Member must not be null]");
  }
}

std::optional<Weights> ReadWeights(MemberReader& members) {
  const std::optional<JsonNode> routing = members.Object("RoutingConfig");
  if (!routing.has_value()) {
    return std::nullopt;
  }
  const MemberPath path = members.PathOf("RoutingConfig");
  MemberReader routing_members(*routing, members.faults(), &path);
  Weights weights;
  const std::optional<JsonNode> object = routing_members.Object("AdditionalVersionWeights");
  if (!object.has_value()) {
    return weights;
  }
  for (const JsonNode weight : *object) {
    if (weight.kind() != JsonKind::kInteger && weight.kind() != JsonKind::kDecimal) {
      members.faults().AddSerialization("Unexpected field type");
      return std::nullopt;
    }
    CheckWeight(weight, routing_members.PathOf("AdditionalVersionWeights"), members.faults());
    weights.insert_or_assign(std::string(weight.key()), weight.decimal());
  }
  return weights;
}

Request Read(MemberReader& members) {
  Request request;
  request.version = members.Text("FunctionVersion", kVersionLimits);
  request.description = members.Text("Description", kDescriptionLimits);
  request.weights = ReadWeights(members);
  request.revision_id = members.Text("RevisionId");
  return request;
}

LambdaStatus CheckVersion(const Function& function, std::string_view version) {
  return function.Find(version) != nullptr
             ? LambdaStatus()
             : LambdaStatus(MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                                            "Function not found: " + function.Arn(version)));
}

// Checks that the alias leads to versions that there are.
LambdaStatus CheckTargets(const Function& function, const Alias& alias) {
  WEIR_RETURN_IF_ERROR(CheckVersion(function, alias.version));
  if (alias.weights.size() > 1) {
    return InvalidParameterValue(
        "Number of items in AdditionalVersionWeights cannot be greater than 1");
  }
  for (const auto& [version, weight] : alias.weights) {
    if (version == alias.version) {
      std::string text = "Invalid function version ";
      text.append(version).append(". Function version ").append(version);
      return InvalidParameterValue(text + " is already included in routing configuration.");
    }
    if (alias.version == kLatest) {
      return WithoutType(InvalidParameterValue(
          "$LATEST is not supported for an alias pointing to more than 1 version"));
    }
    WEIR_RETURN_IF_ERROR(CheckVersion(function, version));
  }
  return {};
}

void Apply(const Request& request, Alias& alias) {
  if (request.version.has_value()) {
    alias.version = *request.version;
  }
  if (request.description.has_value()) {
    alias.description = *request.description;
  }
  if (request.weights.has_value()) {
    alias.weights = *request.weights;
  }
  alias.revision_id = NewUuid();
}

LambdaError AliasNotFound(const Function& function, std::string_view name) {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                         "Cannot find alias arn: " + function.Arn(name));
}

// The alias that the path names.
LambdaResult<std::string> ReadName(const Operation& operation) {
  const std::string name = Excerpt(operation.call.label("Name"), protocol::kMaxEchoSize);
  RequestFaults faults;
  CheckText(MemberPath(nullptr, "Name"), name, kNameLimits, faults);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  return name;
}

}  // namespace

LambdaStatus CreateAlias(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  members.Require("Name");
  members.Require("FunctionVersion");
  const std::optional<std::string_view> alias_name = members.Text("Name", kNameLimits);
  const Request request = Read(members);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  const std::string alias_key(*alias_name);
  name.qualifier = *request.version;  // in the error of an unknown function, as observed
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr changed,
                        operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
                          Alias alias;
                          Apply(request, alias);
                          WEIR_RETURN_IF_ERROR(CheckVersion(function, alias.version));
                          if (function.aliases.contains(alias_key)) {
                            return MakeLambdaError(
                                LambdaErrorCode::kResourceConflict,
                                "Alias already exists: " + function.Arn(alias_key));
                          }
                          WEIR_RETURN_IF_ERROR(CheckTargets(function, alias));
                          function.aliases.emplace(alias_key, std::move(alias));
                          return {};
                        }));
  Answer(kCreated, AliasJson(*changed, alias_key, changed->aliases.at(alias_key)),
         operation.response);
  return {};
}

LambdaStatus GetAlias(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const std::string alias_name, ReadName(operation));
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, name));
  const auto alias = function->aliases.find(alias_name);
  if (alias == function->aliases.end()) {
    return AliasNotFound(*function, alias_name);
  }
  Answer(kOk, AliasJson(*function, alias_name, alias->second), operation.response);
  return {};
}

LambdaStatus UpdateAlias(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const std::string alias_name, ReadName(operation));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  const Request request = Read(members);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  WEIR_ASSIGN_OR_RETURN(
      const FunctionPtr changed,
      operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
        const auto alias = function.aliases.find(alias_name);
        if (alias == function.aliases.end()) {
          return AliasNotFound(function, alias_name);
        }
        WEIR_RETURN_IF_ERROR(CheckRevision(request.revision_id, alias->second.revision_id));
        Apply(request, alias->second);
        return CheckTargets(function, alias->second);
      }));
  Answer(kOk, AliasJson(*changed, alias_name, changed->aliases.at(alias_name)), operation.response);
  return {};
}

LambdaStatus DeleteAlias(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const std::string alias_name, ReadName(operation));
  // An alias that is not there counts as deleted.
  WEIR_RETURN_IF_ERROR(operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
    function.aliases.erase(alias_name);
    function.policies.erase(alias_name);
    function.event_invoke.erase(alias_name);
    return {};
  }));
  return AnswerNothing(operation);
}

LambdaStatus ListAliases(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  const std::string version =
      Excerpt(operation.call.parameter("FunctionVersion"), protocol::kMaxEchoSize);
  if (!version.empty()) {
    RequestFaults faults;
    CheckText(MemberPath(nullptr, "FunctionVersion"), version, kVersionLimits, faults);
    WEIR_RETURN_IF_ERROR(faults.ToStatus());
  }
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, name));
  WEIR_ASSIGN_OR_RETURN(Page page, Page::Of(operation, kMaxItems));
  Json json = {{"Aliases", Json::array()}};
  for (const auto& [alias_name, alias] : function->aliases) {
    const bool fits = version.empty() || alias.version == version;
    if (fits && page.Takes(alias_name)) {
      json["Aliases"].push_back(AliasJson(*function, alias_name, alias));
    }
  }
  page.AddMarker(json);
  Answer(kOk, json, operation.response);
  return {};
}

}  // namespace weir::lambda
