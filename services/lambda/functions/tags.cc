// SPDX-License-Identifier: Apache-2.0
// https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/text.h"
#include "core/uuid.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"
#include "services/lambda/functions/tag_request.h"

namespace weir::lambda {
namespace {

using protocol::JsonTree;
using protocol::MemberPath;

constexpr std::string_view kResourcePattern =
    R"(arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:)"
    R"((function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|)"
    R"(event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-)"
    R"([0-9a-fA-F]{12}|(capacity-provider|network-connector):[a-zA-Z0-9-_]{1,64}))";

// What an ARN names: an event source mapping if `function` is empty.
struct Resource {
  std::string arn;
  std::optional<FunctionName> function;
};

LambdaError NoMapping() {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                         "The resource you requested does not exist.");
}

LambdaResult<Resource> ReadResource(const Operation& operation) {
  const std::string arn = Excerpt(operation.call.label("Resource"), protocol::kMaxEchoSize);
  if (arn.starts_with("arn:") && ContainsText(arn, ":event-source-mapping:")) {
    return Resource{arn, std::nullopt};
  }
  const LambdaResult<FunctionName> name =
      ParseFunctionName(arn, NameKind::kFunction, {}, operation.call.context.region);
  if (!arn.starts_with("arn:") || !ContainsText(arn, ":function:") || !name.ok()) {
    RequestFaults faults;
    faults.Add(MemberPath(nullptr, "Resource"), arn,
               "Member must satisfy regular expression pattern: " + std::string(kResourcePattern));
    WEIR_RETURN_IF_ERROR(faults.ToStatus());
  }
  if (!name.value().qualifier.empty()) {
    return InvalidParameterValue(
        "Tags on function aliases and versions are not supported. Please specify a function ARN.");
  }
  return Resource{arn, name.value()};
}

LambdaStatus Change(const Operation& operation, const Resource& resource,
                    const std::function<void(Tags&)>& change) {
  const auto checked = [&change](Tags& tags) -> LambdaStatus {
    change(tags);
    return CheckTagCount(tags);
  };
  if (!resource.function.has_value()) {
    return operation.mappings == nullptr ? LambdaStatus(NoMapping())
                                         : operation.mappings->ChangeTags(resource.arn, checked);
  }
  WEIR_RETURN_IF_ERROR(operation.functions.Change(*resource.function,
                                                  [&checked](Function& function) -> LambdaStatus {
                                                    function.latest.revision_id = NewUuid();
                                                    return checked(function.tags);
                                                  }));
  return {};
}

}  // namespace

LambdaStatus TagResource(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const Resource resource, ReadResource(operation));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  members.Require("Tags");
  const std::optional<Tags> added = ReadTags(members);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (added->empty()) {
    return InvalidParameterValue("An error occurred and the request cannot be processed.");
  }
  WEIR_RETURN_IF_ERROR(Change(operation, resource, [&added](Tags& tags) {
    for (const auto& [key, value] : *added) {
      tags.insert_or_assign(key, value);
    }
  }));
  return AnswerNothing(operation);
}

LambdaStatus UntagResource(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const Resource resource, ReadResource(operation));
  std::vector<std::string_view> keys;
  for (const auto& [name, value] : operation.call.query) {
    if (name == "tagKeys") {
      keys.emplace_back(value);
    }
  }
  if (keys.empty()) {
    RequestFaults faults;
    faults.AddMissing(MemberPath(nullptr, "TagKeys"));
    return faults.ToStatus();
  }
  WEIR_RETURN_IF_ERROR(Change(operation, resource, [&keys](Tags& tags) {
    for (const std::string_view key : keys) {
      if (const auto found = tags.find(key); found != tags.end()) {
        tags.erase(found);
      }
    }
  }));
  return AnswerNothing(operation);
}

LambdaStatus ListTags(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const Resource resource, ReadResource(operation));
  Tags tags;
  if (resource.function.has_value()) {
    WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, *resource.function));
    tags = function->tags;
  } else if (operation.mappings != nullptr) {
    WEIR_ASSIGN_OR_RETURN(tags, operation.mappings->TagsOf(resource.arn));
  } else {
    return NoMapping();
  }
  Answer(kOk, {{"Tags", Json(tags)}}, operation.response);
  return {};
}

}  // namespace weir::lambda
