// SPDX-License-Identifier: Apache-2.0
// Resource-based policies: who may do what with a function. They are kept and answered, but every
// caller may do everything.
// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
#include <algorithm>
#include <array>
#include <memory>
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

using protocol::JsonTree;
using OrderedJson = nlohmann::ordered_json;

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr std::size_t kPolicySize = 20'480;
constexpr std::size_t kAccountSize = 12;
constexpr std::array<std::string_view, 2> kUrlAuthTypes = {"NONE", "AWS_IAM"};

bool IsAction(std::string_view text) {
  constexpr std::string_view kPrefix = "lambda:";
  if (text == "*" || text == "lambda:*") {
    return true;
  }
  return text.starts_with(kPrefix) && text.size() > kPrefix.size() &&
         std::all_of(text.begin() + kPrefix.size(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool IsPrincipal(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\n\v\f\r") == std::string_view::npos;
}

bool IsAccount(std::string_view text) {
  return text.size() == kAccountSize && IsNumber(text);
}

// arn:aws…:<service>:[region]:[account]:…, as far as the model's expression goes.
bool IsArn(std::string_view text) {
  return text.starts_with("arn:aws") && std::count(text.begin(), text.end(), ':') >= 5;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '.' || IsWord(std::string_view(&c, 1));
  });
}

bool IsOrganization(std::string_view text) {
  return text.starts_with("o-") && std::all_of(text.begin() + 2, text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
         });
}

struct Request {
  std::string id;
  std::string action;
  std::string principal;
  OrderedJson condition = OrderedJson::object();
  std::optional<std::string> revision_id;
};

LambdaResult<Request> Read(const JsonTree& tree) {
  RequestFaults faults;
  MemberReader members(tree.root(), faults);
  Request request;
  for (const std::string_view name : {"StatementId", "Action", "Principal"}) {
    members.Require(name);
  }
  request.id = members
                   .Text("StatementId",
                         {.min = 1, .max = 100, .matches = IsWord, .pattern = "([a-zA-Z0-9-_]+)"})
                   .value_or("");
  request.action = members
                       .Text("Action", {.max = 10'000,
                                        .matches = IsAction,
                                        .pattern = "(lambda:[*]|lambda:[a-zA-Z]+|[*])"})
                       .value_or("");
  request.principal =
      members.Text("Principal", {.max = 2048, .matches = IsPrincipal, .pattern = R"([^\s]+)"})
          .value_or("");
  // The names of the keys are as observed.
  const auto add = [&request](std::string_view test, std::string_view key,
                              std::optional<std::string_view> value) {
    if (value.has_value()) {
      request.condition[std::string(test)][std::string(key)] = *value;
    }
  };
  add("StringEquals", "lambda:FunctionUrlAuthType",
      members.Text("FunctionUrlAuthType", {.values = kUrlAuthTypes}));
  add("StringEquals", "aws:PrincipalOrgID",
      members.Text(
          "PrincipalOrgID",
          {.min = 12, .max = 34, .matches = IsOrganization, .pattern = "o-[a-z0-9]{10,32}"}));
  add("StringEquals", "AWS:SourceAccount",
      members.Text("SourceAccount",
                   {.max = kAccountSize, .matches = IsAccount, .pattern = R"(\d{12})"}));
  add("StringEquals", "lambda:EventSourceToken",
      members.Text("EventSourceToken",
                   {.max = 256, .matches = IsToken, .pattern = R"([a-zA-Z0-9._\-]+)"}));
  if (const std::optional<bool> via_url = members.Boolean("InvokedViaFunctionUrl");
      via_url.has_value()) {
    add("Bool", "lambda:InvokedViaFunctionUrl", *via_url ? "true" : "false");
  }
  add("ArnLike", "AWS:SourceArn",
      members.Text(
          "SourceArn",
          {.max = 10'000,
           .matches = IsArn,
           .pattern =
               R"(arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*))"}));
  request.revision_id = members.Text("RevisionId");
  WEIR_RETURN_IF_ERROR(faults.ToStatus());
  return request;
}

LambdaResult<OrderedJson> PrincipalJson(const std::string& principal) {
  if (principal == "*") {
    return OrderedJson(principal);
  }
  if (principal.ends_with(".amazonaws.com")) {
    return OrderedJson{{"Service", principal}};
  }
  if (IsAccount(principal)) {
    return OrderedJson{{"AWS", "arn:aws:iam::" + principal + ":root"}};
  }
  if (principal.starts_with("arn:aws") && ContainsText(principal, ":iam:")) {
    return OrderedJson{{"AWS", principal}};
  }
  return InvalidParameterValue(
      "The provided principal was invalid. Please check the principal and try again.");
}

// What a policy is about: the function, a version or an alias. Changes of a policy change the
// revision of that.
LambdaStatus CheckResource(const Function& function, std::string_view qualifier) {
  if (qualifier.empty() || FindVersion(function, qualifier).configuration != nullptr) {
    return {};
  }
  return MakeLambdaError(
      LambdaErrorCode::kResourceNotFound,
      (IsAliasName(qualifier) ? "Cannot find alias arn: " : "Function not found: ") +
          function.Arn(qualifier));
}

std::string RevisionOf(const Function& function, std::string_view qualifier) {
  const auto alias = function.aliases.find(qualifier);
  return alias != function.aliases.end()
             ? alias->second.revision_id
             : FindVersion(function, qualifier).configuration->revision_id;
}

void ChangeRevision(std::string_view qualifier, Function& function) {
  const std::optional<std::uint64_t> number = VersionNumber(qualifier);
  if (const auto alias = function.aliases.find(qualifier); alias != function.aliases.end()) {
    alias->second.revision_id = NewUuid();
  } else if (number.has_value()) {
    Version version = *function.versions.at(*number);
    version.configuration.revision_id = NewUuid();
    function.versions[*number] = std::make_shared<const Version>(std::move(version));
  } else {
    function.latest.revision_id = NewUuid();
  }
}

std::string PolicyText(const Policy& policy) {
  std::string text = R"({"Version":"2012-10-17","Id":"default","Statement":[)";
  for (const Statement& statement : policy) {
    text.append(&statement == policy.data() ? "" : ",").append(statement.json);
  }
  return text + "]}";
}

// Where the statement with that id is.
Policy::iterator FindStatement(Policy& policy, std::string_view id) {
  return std::find_if(policy.begin(), policy.end(),
                      [id](const Statement& statement) { return statement.id == id; });
}

LambdaStatus AddStatement(const Request& request, Statement statement, Policy& policy) {
  if (FindStatement(policy, request.id) != policy.end()) {
    return MakeLambdaError(LambdaErrorCode::kResourceConflict,
                           "The statement id (" + request.id +
                               ") provided already exists. Please provide a new statement id, or "
                               "remove the existing statement.");
  }
  policy.push_back(std::move(statement));
  if (const std::size_t size = PolicyText(policy).size(); size > kPolicySize) {
    return MakeLambdaError(LambdaErrorCode::kPolicyLengthExceeded,
                           "The final policy size (" + std::to_string(size) +
                               ") is bigger than the limit (" + std::to_string(kPolicySize) + ").");
  }
  return {};
}

}  // namespace

LambdaStatus AddPermission(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const JsonTree tree, ParseBody(operation.call));
  WEIR_ASSIGN_OR_RETURN(const Request request, Read(tree));
  if (name.qualifier == kLatest) {
    return InvalidParameterValue("We currently do not support adding policies for $LATEST.");
  }
  WEIR_ASSIGN_OR_RETURN(OrderedJson principal, PrincipalJson(request.principal));
  std::string added;
  const auto add = [&](Function& function) -> LambdaStatus {
    WEIR_RETURN_IF_ERROR(CheckResource(function, name.qualifier));
    WEIR_RETURN_IF_ERROR(CheckRevision(request.revision_id, RevisionOf(function, name.qualifier)));
    OrderedJson statement = {{"Sid", request.id},
                             {"Effect", "Allow"},
                             {"Principal", principal},
                             {"Action", request.action},
                             {"Resource", function.Arn(name.qualifier)}};
    if (!request.condition.empty()) {
      statement["Condition"] = request.condition;
    }
    added = statement.dump();
    WEIR_RETURN_IF_ERROR(
        AddStatement(request, {request.id, added}, function.policies[name.qualifier]));
    ChangeRevision(name.qualifier, function);
    return {};
  };
  WEIR_RETURN_IF_ERROR(operation.functions.Change(name, add));
  Answer(kCreated, {{"Statement", added}}, operation.response);
  return {};
}

LambdaStatus RemovePermission(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  const std::string id = Excerpt(operation.call.label("StatementId"), protocol::kMaxEchoSize);
  if (!FindFunction(operation, name).ok()) {
    return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                           "No policy found for: " + name.Arn());
  }
  const auto remove = [&](Function& function) -> LambdaStatus {
    WEIR_RETURN_IF_ERROR(CheckResource(function, name.qualifier));
    const auto policy = function.policies.find(name.qualifier);
    if (policy == function.policies.end()) {
      return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                             "No policy is associated with the given resource.");
    }
    const auto statement = FindStatement(policy->second, id);
    if (statement == policy->second.end()) {
      return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                             "Statement " + id + " is not found in resource policy.");
    }
    WEIR_RETURN_IF_ERROR(CheckRevision(operation.call.parameter("RevisionId"),
                                       RevisionOf(function, name.qualifier)));
    policy->second.erase(statement);
    if (policy->second.empty()) {
      function.policies.erase(policy);
    }
    ChangeRevision(name.qualifier, function);
    return {};
  };
  WEIR_RETURN_IF_ERROR(operation.functions.Change(name, remove));
  return AnswerNothing(operation);
}

LambdaStatus GetPolicy(const Operation& operation) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName name, NameOf(operation, NameKind::kNamespaced));
  WEIR_ASSIGN_OR_RETURN(const FunctionPtr function, FindFunction(operation, name));
  const auto policy = function->policies.find(name.qualifier);
  if (policy == function->policies.end()) {
    return MakeLambdaError(LambdaErrorCode::kResourceNotFound,
                           "The resource you requested does not exist.");
  }
  Answer(kOk,
         {{"Policy", PolicyText(policy->second)},
          {"RevisionId", RevisionOf(*function, name.qualifier)}},
         operation.response);
  return {};
}

}  // namespace weir::lambda
