// SPDX-License-Identifier: Apache-2.0
// Settings of a whole function, and of the account.
// https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "services/lambda/functions/member_reader.h"
#include "services/lambda/functions/operation_parts.h"

namespace weir::lambda {
namespace {

using protocol::JsonTree;

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr int kConcurrency = 1000;
constexpr int kLeastUnreserved = 100;
constexpr std::array<std::string_view, 2> kRecursiveLoops = {"Allow", "Terminate"};

LambdaStatus AnswerConcurrency(const Operation& operation, const Function& function) {
  Json json = Json::object();
  if (function.reserved_concurrency.has_value()) {
    json["ReservedConcurrentExecutions"] = *function.reserved_concurrency;
  }
  Answer(kOk, json, operation.response);
  return {};
}

LambdaStatus AnswerRecursion(const Operation& operation, const Function& function) {
  Answer(kOk, {{"RecursiveLoop", function.recursive_loop}}, operation.response);
  return {};
}

}  // namespace

LambdaStatus PutFunctionConcurrency(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  members.Require("ReservedConcurrentExecutions");
  const std::optional<std::int64_t> asked =
      members.Integer("ReservedConcurrentExecutions", 0, std::numeric_limits<std::int64_t>::max());
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  if (!name.qualifier.empty()) {
    return InvalidParameterValue(
        "This operation is permitted on Lambda functions only. Aliases and versions do not support "
        "this operation. Please specify either a function name or an unqualified function ARN.");
  }
  name.qualifier = kLatest;  // in the error of an unknown function, as observed
  WEIR_ASSIGN_OR_RETURN(
      const FunctionPtr changed,
      operation.functions.Change(name, [&](Function& function, int reserved) -> LambdaStatus {
        if (*asked > kConcurrency - kLeastUnreserved - reserved) {
          return WithoutType(InvalidParameterValue(
              "Specified ReservedConcurrentExecutions for function decreases account's "
              "UnreservedConcurrentExecution below its minimum value of [" +
              std::to_string(kLeastUnreserved) + "]."));
        }
        function.reserved_concurrency = static_cast<int>(*asked);
        return {};
      }));
  return AnswerConcurrency(operation, *changed);
}

LambdaStatus GetFunctionConcurrency(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, NamedFunction(operation, NameKind::kFunction));
  return AnswerConcurrency(operation, *function);
}

LambdaStatus DeleteFunctionConcurrency(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_RETURN_IF_ERROR(operation.functions.Change(name, [](Function& function) -> LambdaStatus {
    function.reserved_concurrency.reset();
    return {};
  }));
  return AnswerNothing(operation);
}

LambdaStatus PutFunctionRecursionConfig(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kFunction));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  members.Require("RecursiveLoop");
  const std::optional<std::string_view> loop =
      members.Text("RecursiveLoop", {.values = kRecursiveLoops});
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  WEIR_ASSIGN_OR_RETURN(
      const FunctionPtr changed,
      operation.functions.Change(name, [&loop](Function& function) -> LambdaStatus {
        function.recursive_loop = *loop;
        return {};
      }));
  return AnswerRecursion(operation, *changed);
}

LambdaStatus GetFunctionRecursionConfig(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, NamedFunction(operation, NameKind::kFunction));
  return AnswerRecursion(operation, *function);
}

// The interpreters are those of this machine, so there is nothing to choose, and the answer is
// always the default.
LambdaStatus GetRuntimeManagementConfig(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, name));
  const NamedVersion version = FindVersion(*function, name.qualifier);
  if (version.configuration == nullptr) {
    return FunctionNotFound(name);
  }
  Answer(kOk, {{"UpdateRuntimeOn", "Auto"}, {"FunctionArn", function->Arn(name.qualifier)}},
         operation.response);
  return {};
}

LambdaStatus GetAccountSettings(const Operation& operation) {
  int reserved = 0;
  const std::vector<FunctionPtr> functions = operation.functions.Snapshot();
  for (const FunctionPtr& function : functions) {
    reserved += function->reserved_concurrency.value_or(0);
  }
  Answer(kOk,
         {{"AccountLimit",
           {{"TotalCodeSize", kCodeStorage},
            {"CodeSizeUnzipped", kUnzippedSize},
            {"CodeSizeZipped", kZippedSize},
            {"ConcurrentExecutions", kConcurrency},
            {"UnreservedConcurrentExecutions", kConcurrency - reserved}}},
          {"AccountUsage",
           {{"TotalCodeSize", operation.functions.code().size()},
            {"FunctionCount", functions.size()}}}},
         operation.response);
  return {};
}

}  // namespace weir::lambda
