// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
#include "services/lambda/functions/versions.h"

#include <memory>
#include <utility>

#include "core/result.h"
#include "core/text.h"
#include "core/uuid.h"
#include "services/lambda/functions/configuration_request.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

// The Base64 text that the API has for a version's code.
std::string ShownSha256(const Code& code) {
  return Base64OfHex(code.sha256);
}

LambdaStatus CheckCode(std::optional<std::string_view> given, const Code& code) {
  // Code that is run from where it is changes without notice.
  if (!given.has_value() || given->empty() || !code.folder.empty() || *given == ShownSha256(code)) {
    return {};
  }
  return InvalidParameterValue(
      "CodeSHA256 (" + std::string(TruncateUtf8(*given, protocol::kMaxEchoSize)) +
      ") is different from current CodeSHA256 in $LATEST (" + ShownSha256(code) +
      "). Please try again with the CodeSHA256 in $LATEST.");
}

}  // namespace

std::string Publish(std::optional<std::string_view> description, Function& function) {
  if (!function.versions.empty()) {
    const auto& [number, newest] = *function.versions.rbegin();
    if (newest->configuration.change_id == function.latest.change_id) {
      return std::to_string(number);
    }
  }
  const std::uint64_t number = function.next_version++;
  Version version{.number = number, .configuration = function.latest};
  version.configuration.revision_id = NewUuid();
  if (description.has_value()) {
    version.configuration.description = *description;
  }
  function.versions.emplace(number, std::make_shared<const Version>(std::move(version)));
  function.latest.revision_id = NewUuid();
  return std::to_string(number);
}

LambdaStatus PublishVersion(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const protocol::JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  const std::optional<std::string_view> sha256 = members.Text("CodeSha256");
  const std::optional<std::string_view> description =
      members.Text("Description", kDescriptionLimits);
  const std::optional<std::string_view> revision_id = members.Text("RevisionId");
  const bool publish_to = !members.Text("PublishTo").value_or("").empty();
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (publish_to) {
    return InvalidParameterValue("PublishTo is not supported by Weir yet");
  }
  std::string version;
  WEIR_ASSIGN_OR_RETURN(
      const FunctionPtr changed,
      operation.functions.Change(name, [&](Function& function) -> LambdaStatus {
        WEIR_RETURN_IF_ERROR(CheckRevision(revision_id, function.latest.revision_id));
        WEIR_RETURN_IF_ERROR(CheckCode(sha256, function.latest.code));
        version = Publish(description, function);
        return {};
      }));
  Answer(kCreated,
         QualifiedConfigurationJson(*changed, version, *changed->Find(version),
                                    VersionState::kSettled),
         operation.response);
  return {};
}

LambdaStatus ListVersionsByFunction(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, name));
  WEIR_ASSIGN_OR_RETURN(Page page, Page::Of(operation, kMaxItems));
  Json json = {{"Versions", Json::array()}};
  // $LATEST comes first.
  if (page.Takes(VersionOrder(0))) {
    json["Versions"].push_back(
        QualifiedConfigurationJson(*function, kLatest, function->latest, VersionState::kListed));
  }
  for (const auto& [number, version] : function->versions) {
    if (page.Takes(VersionOrder(number))) {
      json["Versions"].push_back(QualifiedConfigurationJson(
          *function, std::to_string(number), version->configuration, VersionState::kListed));
    }
  }
  page.AddMarker(json);
  Answer(kOk, json, operation.response);
  return {};
}

}  // namespace weir::lambda
