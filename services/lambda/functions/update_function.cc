// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
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
#include "services/lambda/functions/versions.h"

namespace weir::lambda {
namespace {

using protocol::JsonTree;

void Touch(const Operation& operation, Configuration& configuration) {
  configuration.last_modified = operation.functions.clock().Now();
  configuration.revision_id = NewUuid();
  configuration.change_id = NewUuid();
}

// Answers as if the update were still in progress; the revision is the one before its end.
LambdaStatus AnswerUpdate(const Operation& operation, const Function& function) {
  Json json = ConfigurationJson(function, kLatest, function.latest, VersionState::kUpdating);
  json["RevisionId"] = NewUuid();
  Answer(kOk, json, operation.response);
  return {};
}

}  // namespace

LambdaStatus UpdateFunctionConfiguration(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  const ConfigurationRequest request = ReadConfigurationRequest(members);
  const std::optional<std::string_view> revision_id = members.Text("RevisionId");
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (request.refusal.has_value()) {
    return *request.refusal;
  }
  WEIR_ASSIGN_OR_RETURN(
      const FunctionPtr changed,
      operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
        WEIR_RETURN_IF_ERROR(CheckRevision(revision_id, function.latest.revision_id));
        request.Apply(function.name, function.latest);
        Touch(operation, function.latest);
        return {};
      }));
  return AnswerUpdate(operation, *changed);
}

LambdaStatus UpdateFunctionCode(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  if (!members.Text("ImageUri").value_or("").empty()) {
    return InvalidParameterValue(
        "Please don't provide ImageUri when updating a function with packageType Zip.");
  }
  const CodeRequest request = ReadCodeRequest(members);
  const std::optional<std::string> architecture = ReadArchitecture(members);
  const bool publish = members.Boolean("Publish").value_or(false);
  const bool dry_run = members.Boolean("DryRun").value_or(false);
  const std::optional<std::string_view> revision_id = members.Text("RevisionId");
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (request.refusal.has_value()) {
    return *request.refusal;
  }
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr before, FindFunction(operation, name));
  WEIR_RETURN_IF_ERROR(CheckRevision(revision_id, before->latest.revision_id));
  WEIR_ASSIGN_OR_RETURN(Code code, StoreCode(request, operation.functions.code()));

  std::string version(kLatest);
  const auto update = [&](Function& function) -> LambdaStatus {
    WEIR_RETURN_IF_ERROR(CheckRevision(revision_id, function.latest.revision_id));
    function.latest.code = code;
    function.latest.architecture = architecture.value_or(function.latest.architecture);
    Touch(operation, function.latest);
    if (publish) {
      version = Publish(std::nullopt, function);
    }
    return {};
  };
  if (dry_run) {
    Function function = *before;
    WEIR_RETURN_IF_ERROR(update(function));
    return AnswerUpdate(operation, function);
  }
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr changed, operation.functions.Change(name, update));
  if (!publish) {
    return AnswerUpdate(operation, *changed);
  }
  Answer(kOk,
         QualifiedConfigurationJson(*changed, version, *changed->Find(version),
                                    VersionState::kCreating),
         operation.response);
  return {};
}

}  // namespace weir::lambda
