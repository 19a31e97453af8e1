// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/operation_parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base64.h"
#include "core/result.h"
#include "protocol/request_context.h"
#include "services/lambda/functions/member_reader.h"

namespace weir::lambda {
namespace {

// More than are asked for are not answered: "Lambda returns a maximum of 50".
constexpr std::int64_t kPageSize = 50;

}  // namespace

LambdaStatus CheckReach(const Operation& operation, const FunctionName& name) {
  if (name.account != protocol::kAccount) {
    return MakeLambdaError(LambdaErrorCode::kAccessDenied, {});  // without a text, as observed
  }
  const std::string_view region = operation.call.context.region;
  if (name.region == region) {
    return {};
  }
  const FunctionPtr function = operation.functions.Find(name.name);
  return function != nullptr && function->region == name.region
             ? LambdaStatus()
             : LambdaStatus(FunctionNotReachable(name, region));
}

LambdaResult<FunctionName> NameOf(const Operation& operation, NameKind kind) {
  WEIR_ASSIGN_OR_RETURN(
      FunctionName name,
      ParseFunctionName(operation.call.label("FunctionName"), kind,
                        operation.call.parameter("Qualifier"), operation.call.context.region));
  WEIR_RETURN_IF_ERROR(CheckReach(operation, name));
  return name;
}

LambdaResult<FunctionPtr> FindFunction(const Operation& operation, const FunctionName& name) {
  FunctionPtr function = operation.functions.Find(name.name);
  if (function == nullptr || name.account != protocol::kAccount) {
    return FunctionNotFound(name);
  }
  return function;
}

LambdaResult<FunctionPtr> NamedFunction(const Operation& operation, NameKind kind) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, kind));
  return FindFunction(operation, name);
}

NamedVersion FindVersion(const Function& function, std::string_view qualifier) {
  const auto alias = function.aliases.find(qualifier);
  NamedVersion found;
  found.version = alias != function.aliases.end() ? alias->second.version
                  : qualifier.empty()             ? std::string(kLatest)
                                                  : std::string(qualifier);
  found.configuration = function.Find(found.version);
  return found;
}

LambdaResult<Page> Page::Of(const Operation& operation, std::int64_t max_items) {
  RequestFaults faults;
  const std::optional<std::int64_t> asked =
      ReadQueryInteger(operation.call, "MaxItems", max_items, faults);
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  std::string after;
  if (DecodeBase64(operation.call.parameter("Marker"), after) != Base64Fault::kNone) {
    return InvalidParameterValue("The Marker is not one that a list answered");
  }
  return Page(std::move(after),
              static_cast<std::size_t>(std::min(asked.value_or(kPageSize), kPageSize)));
}

bool Page::Takes(std::string_view key) {
  if (key <= last_ || more_) {
    return false;
  }
  if (room_ == 0) {
    more_ = true;
    return false;
  }
  --room_;
  last_ = key;
  return true;
}

void Page::AddMarker(Json& json) const {
  if (more_) {
    std::string marker;
    EncodeBase64(last_, marker);
    json["NextMarker"] = marker;
  }
}

std::string VersionOrder(std::uint64_t number) {
  constexpr std::size_t kDigits = 20;
  const std::string text = std::to_string(number);
  return std::string(kDigits - text.size(), '0') + text;
}

LambdaStatus AnswerNothing(const Operation& operation) {
  operation.response.status = kNoContent;
  operation.response.body.clear();
  return {};
}

}  // namespace weir::lambda
