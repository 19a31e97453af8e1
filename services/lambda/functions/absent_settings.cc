// SPDX-License-Identifier: Apache-2.0
// Operations on settings that no function here has: provisioned concurrency, URLs, code signing and
// layers. Tools look for them whether they use them or not, and so get AWS's answers for where
// there are none. What makes one is refused by name (services/lambda/unsupported.cc).
// https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "protocol/check_fault.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

// Of these lists: https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html
constexpr std::int64_t kMostItems = 50;

LambdaError NotFound(std::string text) {
  return MakeLambdaError(LambdaErrorCode::kResourceNotFound, std::move(text));
}

LambdaStatus AnswerEmptyList(const Operation& operation, std::string_view member) {
  WEIR_RETURN_IF_ERROR(Page::Of(operation, kMostItems));
  Answer(kOk, {{std::string(member), Json::array()}}, operation.response);
  return {};
}

}  // namespace

LambdaStatus GetProvisionedConcurrencyConfig(const Operation& operation) {
  // The list has the same path.
  if (!operation.call.parameter("List").empty()) {
    WEIR_RETURN_IF_ERROR(NamedFunction(operation, NameKind::kFunction));
    return AnswerEmptyList(operation, "ProvisionedConcurrencyConfigs");
  }
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  if (name.qualifier.empty()) {
    RequestFaults faults;
    faults.AddMissing(protocol::MemberPath(nullptr, "Qualifier"));
    WEIR_RETURN_IF_ERROR(faults.ToStatus());
  }
  if (name.qualifier == kLatest) {
    return InvalidParameterValue(
        "The function resource provided must be an alias or a published version.");
  }
  const FunctionPtr function = operation.functions.Find(name.name);
  if (function == nullptr || FindVersion(*function, name.qualifier).configuration == nullptr) {
    return IsNumber(name.qualifier) ? FunctionNotFound(name)
                                    : NotFound("Cannot find alias arn: " + name.Arn());
  }
  return MakeLambdaError(LambdaErrorCode::kProvisionedConcurrencyConfigNotFound,
                         "No Provisioned Concurrency Config found for this function");
}

// The same for a function that is not there, as observed.
LambdaStatus GetFunctionUrlConfig(const Operation& operation) {
  WEIR_RETURN_IF_ERROR(NameOf(operation, NameKind::kFunction));
  return NotFound("The resource you requested does not exist.");
}

LambdaStatus ListFunctionUrlConfigs(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  if (operation.functions.Find(name.name) == nullptr) {
    return NotFound("Function does not exist");
  }
  return AnswerEmptyList(operation, "FunctionUrlConfigs");
}

LambdaStatus GetFunctionCodeSigningConfig(const Operation& operation) {
  WEIR_RETURN_IF_ERROR(NamedFunction(operation, NameKind::kNamespaced));
  Answer(kOk, Json::object(), operation.response);
  return {};
}

LambdaStatus DeleteFunctionCodeSigningConfig(const Operation& operation) {
  WEIR_RETURN_IF_ERROR(NamedFunction(operation, NameKind::kNamespaced));
  return AnswerNothing(operation);
}

LambdaStatus ListLayers(const Operation& operation) {
  // The one by its ARN has the same path.
  if (!operation.call.parameter("find").empty()) {
    return InvalidParameterValue("GetLayerVersionByArn is not supported by Weir yet");
  }
  return AnswerEmptyList(operation, "Layers");
}

}  // namespace weir::lambda
