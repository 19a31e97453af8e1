// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "core/uuid.h"
#include "services/lambda/functions/code_request.h"
#include "services/lambda/functions/configuration_request.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"
#include "services/lambda/functions/tag_request.h"
#include "services/lambda/functions/versions.h"

namespace weir::lambda {
namespace {

using protocol::JsonNode;
using protocol::JsonTree;

constexpr std::array<std::string_view, 2> kPackageTypes = {"Zip", "Image"};

struct Request {
  FunctionName name;
  ConfigurationRequest configuration;
  CodeRequest code;
  std::optional<std::string> architecture;
  std::optional<Tags> tags;
  bool publish = false;
};

// What is right in form, but refused.
LambdaStatus CheckSupported(const Request& request, bool is_image) {
  if (is_image) {
    return InvalidParameterValue("PackageType Image is not supported by Weir yet");
  }
  for (const std::optional<LambdaError>& refusal :
       {request.configuration.refusal, request.code.refusal}) {
    if (refusal.has_value()) {
      return *refusal;
    }
  }
  if (!request.configuration.runtime.has_value() || !request.configuration.handler.has_value()) {
    return InvalidParameterValue(
        "Runtime and Handler are mandatory parameters for functions created with deployment "
        "packages.");
  }
  return CheckTagCount(request.tags.value_or(Tags()));
}

LambdaResult<Request> Read(const Operation& operation, JsonNode root) {
  RequestFaults faults;
  MemberReader members(root, faults);
  Request request;
  for (const std::string_view name : {"FunctionName", "Role", "Code"}) {
    members.Require(name);
  }
  const std::optional<std::string_view> name = members.Text("FunctionName");
  request.configuration = ReadConfigurationRequest(members);
  if (const std::optional<JsonNode> code = members.Object("Code"); code.has_value()) {
    const protocol::MemberPath path = members.PathOf("Code");
    MemberReader code_members(*code, faults, &path);
    request.code = ReadCodeRequest(code_members);
  }
  const bool is_image =
      members.Text("PackageType", {.values = kPackageTypes}).value_or("Zip") == "Image";
  request.architecture = ReadArchitecture(members);
  request.tags = ReadTags(members);
  request.publish = members.Boolean("Publish").value_or(false);
  for (const std::string_view refused : {"CodeSigningConfigArn", "PublishTo"}) {
    if (!members.Text(refused).value_or("").empty() && !request.code.refusal.has_value()) {
      request.code.refusal =
          InvalidParameterValue(std::string(refused) + " is not supported by Weir yet");
    }
  }
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  WEIR_ASSIGN_OR_RETURN(request.name, ParseNewFunctionName(*name, operation.call.context.region));
  WEIR_RETURN_IF_ERROR(CheckReach(operation, request.name));
  WEIR_RETURN_IF_ERROR(CheckSupported(request, is_image));
  return request;
}

}  // namespace

LambdaStatus CreateFunction(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  WEIR_ASSIGN_OR_RETURN(Request request, Read(operation, tree.root()));
  if (operation.functions.Find(request.name.name) != nullptr) {
    return MakeLambdaError(LambdaErrorCode::kResourceConflict,
                           "Function already exist: " + request.name.name);
  }
  Function function;
  function.name = request.name.name;
  function.region = request.name.region;
  function.tags = std::move(request.tags).value_or(Tags());
  request.configuration.Apply(function.name, function.latest);
  function.latest.architecture = request.architecture.value_or(function.latest.architecture);
  WEIR_ASSIGN_OR_RETURN(function.latest.code, StoreCode(request.code, operation.functions.code()));
  function.latest.last_modified = operation.functions.clock().Now();
  function.latest.revision_id = NewUuid();
  function.latest.change_id = NewUuid();
  std::string version(kLatest);
  if (request.publish) {
    version = Publish(std::nullopt, function);
  }
  const auto created = std::make_shared<const Function>(std::move(function));
  WEIR_RETURN_IF_ERROR(operation.functions.Add(created));

  // The ARN has no version even if one is published, as observed. The revision is the one before
  // the function became active.
  Json json =
      ConfigurationJson(*created, version, *created->Find(version), VersionState::kCreating);
  json["RevisionId"] = NewUuid();
  Answer(kCreated, json, operation.response);
  return {};
}

}  // namespace weir::lambda
