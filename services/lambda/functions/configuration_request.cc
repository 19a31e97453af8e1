// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/configuration_request.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

#include "core/result.h"
#include "core/text.h"
#include "protocol/json_text.h"
#include "services/lambda/functions/function_name.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::MemberPath;

// The bounds of the service's model, and below them those of functions that are not run by a
// capacity provider: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr int kTimeoutOfModel = 5400;
constexpr int kLongestTimeout = 900;
constexpr int kLeastMemory = 128;
constexpr int kMemoryOfModel = 32'768;
constexpr int kMostMemory = 10'240;
constexpr int kLeastStorage = 512;
constexpr int kStorageOfModel = 32'768;
constexpr int kMostStorage = 10'240;
constexpr std::size_t kEnvironmentSize = 4096;
constexpr std::string_view kSpace = " \t\n\v\f\r";

constexpr std::string_view kRolePattern =
    R"(arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+)";
constexpr std::string_view kKmsPattern = R"((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())";

constexpr std::array<std::string_view, 2> kTracingModes = {"Active", "PassThrough"};
constexpr std::array<std::string_view, 2> kLogFormats = {"JSON", "Text"};
constexpr std::array<std::string_view, 6> kApplicationLevels = {"TRACE", "DEBUG", "INFO",
                                                                "WARN",  "ERROR", "FATAL"};
constexpr std::array<std::string_view, 3> kSystemLevels = {"DEBUG", "INFO", "WARN"};
constexpr std::array<std::string_view, 2> kSnapStarts = {"PublishedVersions", "None"};

// All of the service's model but "custom", which needs a RuntimeConfig, and those below. Weir runs
// those of Python, Node.js, Java and "provided"; a function of another one can be attached (`weir
// lambda run`).
constexpr std::string_view kRuntimes[] = {
    "nodejs16.x",     "nodejs18.x",   "nodejs20.x", "nodejs22.x",    "nodejs24.x", "nodejs26.x",
    "java8.al2",      "java8.al2023", "java11",     "java11.al2023", "java17",     "java17.al2023",
    "java21",         "java25",       "python3.8",  "python3.9",     "python3.10", "python3.11",
    "python3.12",     "python3.13",   "python3.14", "python3.15",    "dotnet6",    "dotnet8",
    "dotnet10",       "ruby3.2",      "ruby3.3",    "ruby3.4",       "ruby4.0",    "provided.al2",
    "provided.al2023"};

// Of the model, too, but AWS makes no functions of these any more: in 2026-12, those whose date of
// "block function create" has passed.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtimes-deprecated
constexpr std::string_view kDeprecatedRuntimes[] = {
    "nodejs",        "nodejs4.3",  "nodejs4.3-edge", "nodejs6.10",    "nodejs8.10",
    "nodejs10.x",    "nodejs12.x", "nodejs14.x",     "java8",         "python2.7",
    "python3.6",     "python3.7",  "dotnetcore1.0",  "dotnetcore2.0", "dotnetcore2.1",
    "dotnetcore3.1", "go1.x",      "ruby2.5",        "ruby2.7",       "provided"};

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
constexpr std::string_view kReservedVariables[] = {"_HANDLER",
                                                   "_X_AMZN_TRACE_ID",
                                                   "AWS_DEFAULT_REGION",
                                                   "AWS_REGION",
                                                   "AWS_EXECUTION_ENV",
                                                   "AWS_LAMBDA_FUNCTION_NAME",
                                                   "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                                   "AWS_LAMBDA_FUNCTION_VERSION",
                                                   "AWS_LAMBDA_INITIALIZATION_TYPE",
                                                   "AWS_LAMBDA_LOG_GROUP_NAME",
                                                   "AWS_LAMBDA_LOG_STREAM_NAME",
                                                   "AWS_ACCESS_KEY",
                                                   "AWS_ACCESS_KEY_ID",
                                                   "AWS_SECRET_ACCESS_KEY",
                                                   "AWS_SESSION_TOKEN",
                                                   "AWS_LAMBDA_RUNTIME_API",
                                                   "LAMBDA_TASK_ROOT",
                                                   "LAMBDA_RUNTIME_DIR"};

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsLetterOrDigit(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9');
}

bool IsOneOf(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

bool All(std::string_view text, bool (*matches)(char c)) {
  return std::all_of(text.begin(), text.end(), matches);
}

// Takes "arn:<partition>:" off the front; false if it is not there.
bool TakeArn(std::string_view& text) {
  if (!text.starts_with("arn:")) {
    return false;
  }
  text.remove_prefix(4);
  const std::string_view partition = text.substr(0, text.find(':'));
  text.remove_prefix(partition.size());
  const bool is_partition =
      partition.empty() || (partition.starts_with("aws") &&
                            All(partition, [](char c) { return IsLetter(c) || c == '-'; }));
  if (!is_partition || text.empty()) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

bool IsRole(std::string_view text) {
  constexpr std::size_t kAccountSize = 12;
  constexpr std::string_view kIam = "iam::";
  constexpr std::string_view kRole = ":role";
  if (!TakeArn(text) || !text.starts_with(kIam)) {
    return false;
  }
  text.remove_prefix(kIam.size());
  if (!IsNumber(text.substr(0, kAccountSize)) || text.size() < kAccountSize ||
      !text.substr(kAccountSize).starts_with(kRole)) {
    return false;
  }
  text.remove_prefix(kAccountSize + kRole.size());
  return !text.empty() && text != "/" &&
         All(text, [](char c) { return IsLetterOrDigit(c) || IsOneOf(c, "_+=,.@-/"); });
}

bool IsKmsKey(std::string_view text) {
  if (text.empty()) {
    return true;
  }
  if (!TakeArn(text)) {
    return false;
  }
  const std::size_t colon = text.find(':');
  const std::string_view service = text.substr(0, colon);
  return colon != std::string_view::npos && !service.empty() &&
         All(service, [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '.'; });
}

bool HasNoSpace(std::string_view text) {
  return !text.empty() && text.find_first_of(kSpace) == std::string_view::npos;
}

bool IsLogGroup(std::string_view text) {
  return !text.empty() &&
         All(text, [](char c) { return IsLetterOrDigit(c) || IsOneOf(c, ".-_/#"); });
}

bool IsVariableName(std::string_view text) {
  return text.size() > 1 && IsLetter(text.front()) &&
         All(text, [](char c) { return IsLetterOrDigit(c) || c == '_'; });
}

// As AWS measures it.
std::string AsJson(JsonNode variables) {
  std::string json;
  for (const JsonNode variable : variables) {
    protocol::AppendJsonName(json.empty() ? '{' : ',', variable.key(), json);
    protocol::AppendJsonString(variable.text(), json);
  }
  return json.empty() ? "{}" : json + "}";
}

std::string ReservedNames(const std::map<std::string, std::string>& variables) {
  std::string names;
  for (const std::string_view name : kReservedVariables) {
    if (variables.contains(std::string(name))) {
      names.append(names.empty() ? "" : ", ").append(name);
    }
  }
  return names;
}

void ReadEnvironment(MemberReader& members, ConfigurationRequest& request) {
  const std::optional<JsonNode> object = members.Object("Environment");
  if (!object.has_value()) {
    return;
  }
  request.environment.emplace();
  const MemberPath path = members.PathOf("Environment");
  MemberReader environment(*object, members.faults(), &path);
  const std::optional<JsonNode> variables = environment.Object("Variables");
  if (!variables.has_value()) {
    return;
  }
  bool names_fit = true;
  for (const JsonNode variable : *variables) {
    if (variable.kind() != JsonKind::kString) {
      members.faults().AddSerialization("Unexpected field type");
      return;
    }
    names_fit = names_fit && IsVariableName(variable.key());
    request.environment->insert_or_assign(std::string(variable.key()),
                                          std::string(variable.text()));
  }
  if (!names_fit) {
    members.faults().Add(environment.PathOf("Variables"), std::nullopt,
                         "Map keys must satisfy constraint: [Member must satisfy regular "
                         "expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]");
  }
  const std::string measured = AsJson(*variables);
  if (measured.size() > kEnvironmentSize) {
    Refuse(
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided exceeded the 4KB limit. String measured: " +
            std::string(TruncateUtf8(measured, protocol::kMaxEchoSize)),
        request.refusal);
  }
  if (const std::string reserved = ReservedNames(*request.environment); !reserved.empty()) {
    Refuse(
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided contains reserved keys that are currently not supported for "
        "modification. Reserved keys used in this request: " +
            reserved,
        request.refusal);
  }
}

std::optional<std::string> Copy(std::optional<std::string_view> text) {
  return text.has_value() ? std::optional<std::string>(*text) : std::nullopt;
}

void ReadLogging(MemberReader& members, ConfigurationRequest& request) {
  const std::optional<JsonNode> object = members.Object("LoggingConfig");
  if (!object.has_value()) {
    return;
  }
  const MemberPath path = members.PathOf("LoggingConfig");
  MemberReader logging(*object, members.faults(), &path);
  request.log_format = Copy(logging.Text("LogFormat", {.values = kLogFormats}));
  request.application_log_level =
      Copy(logging.Text("ApplicationLogLevel", {.values = kApplicationLevels}));
  request.system_log_level = Copy(logging.Text("SystemLogLevel", {.values = kSystemLevels}));
  request.log_group = Copy(logging.Text(
      "LogGroup",
      {.min = 1, .max = 512, .matches = IsLogGroup, .pattern = R"([\.\-_/#A-Za-z0-9]+)"}));
}

// A bound below that of the model, with the text of AWS.
void CheckMost(std::string_view name, std::optional<int> value, int most,
               std::optional<LambdaError>& refusal) {
  if (value.has_value() && *value > most) {
    Refuse("'" + std::string(name) +
               "' value failed to satisfy constraint: Member must have value less than or equal "
               "to " +
               std::to_string(most),
           refusal);
  }
}

std::optional<int> ReadNumber(MemberReader& members, std::string_view name, int min, int max) {
  const std::optional<std::int64_t> value = members.Integer(name, min, max);
  return value.has_value() ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

void ReadSizes(MemberReader& members, ConfigurationRequest& request) {
  request.timeout_s = ReadNumber(members, "Timeout", 1, kTimeoutOfModel);
  CheckMost("Timeout", request.timeout_s, kLongestTimeout, request.refusal);
  request.memory_mb = ReadNumber(members, "MemorySize", kLeastMemory, kMemoryOfModel);
  CheckMost("MemorySize", request.memory_mb, kMostMemory, request.refusal);
  if (const std::optional<JsonNode> object = members.Object("EphemeralStorage");
      object.has_value()) {
    const MemberPath path = members.PathOf("EphemeralStorage");
    MemberReader storage(*object, members.faults(), &path);
    storage.Require("Size");
    request.storage_mb = ReadNumber(storage, "Size", kLeastStorage, kStorageOfModel);
    CheckMost("EphemeralStorage", request.storage_mb, kMostStorage, request.refusal);
  }
}

template <std::size_t kSize>
bool Contains(const std::string_view (&texts)[kSize], std::string_view text) {
  return std::find(std::begin(texts), std::end(texts), text) != std::end(texts);
}

void CheckRuntime(ConfigurationRequest& request) {
  if (!request.runtime.has_value() || Contains(kRuntimes, *request.runtime)) {
    return;
  }
  if (Contains(kDeprecatedRuntimes, *request.runtime)) {
    Refuse("The runtime parameter of " + *request.runtime +
               " is no longer supported for creating or updating AWS Lambda functions. We "
               "recommend you use a supported runtime while creating or updating functions.",
           request.refusal);
    return;
  }
  std::string set;
  for (const std::string_view runtime : kRuntimes) {
    set.append(set.empty() ? "" : ", ").append(runtime);
  }
  Refuse("Value " + std::string(TruncateUtf8(*request.runtime, protocol::kMaxEchoSize)) +
             " at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [" +
             set + "] or be a valid ARN",
         request.refusal);
}

bool IsEmptyList(std::optional<JsonNode> list) {
  return !list.has_value() || list->size() == 0;
}

// The members that Weir takes only where they ask for nothing.
void ReadUnsupported(MemberReader& members, ConfigurationRequest& request) {
  for (const std::string_view name : {"Layers", "FileSystemConfigs"}) {
    if (!IsEmptyList(members.Array(name))) {
      RefuseByName(name, request.refusal);
    }
  }
  if (const std::optional<JsonNode> object = members.Object("VpcConfig"); object.has_value()) {
    const MemberPath path = members.PathOf("VpcConfig");
    MemberReader vpc(*object, members.faults(), &path);
    const bool has_subnets = !IsEmptyList(vpc.Array("SubnetIds"));
    if (!IsEmptyList(vpc.Array("SecurityGroupIds")) || has_subnets) {
      RefuseByName("VpcConfig", request.refusal);
    }
  }
  if (const std::optional<JsonNode> object = members.Object("DeadLetterConfig");
      object.has_value()) {
    const MemberPath path = members.PathOf("DeadLetterConfig");
    MemberReader letters(*object, members.faults(), &path);
    if (!letters.Text("TargetArn").value_or("").empty()) {
      RefuseByName("DeadLetterConfig", request.refusal);
    }
  }
  if (const std::optional<JsonNode> object = members.Object("SnapStart"); object.has_value()) {
    const MemberPath path = members.PathOf("SnapStart");
    MemberReader snap_start(*object, members.faults(), &path);
    if (snap_start.Text("ApplyOn", {.values = kSnapStarts}) == "PublishedVersions") {
      RefuseByName("SnapStart", request.refusal);
    }
  }
  for (const std::string_view name : {"ImageConfig", "CapacityProviderConfig", "DurableConfig",
                                      "RuntimeConfig", "AcceleratorConfig", "TenancyConfig"}) {
    if (const std::optional<JsonNode> object = members.Object(name);
        object.has_value() && object->size() != 0) {
      RefuseByName(name, request.refusal);
    }
  }
}

}  // namespace

void Refuse(std::string text, std::optional<LambdaError>& refusal) {
  if (!refusal.has_value()) {
    refusal = InvalidParameterValue(std::move(text));
  }
}

void RefuseByName(std::string_view name, std::optional<LambdaError>& refusal) {
  Refuse(std::string(name) + " is not supported by Weir yet", refusal);
}

void ConfigurationRequest::Apply(std::string_view name, Configuration& configuration) const {
  const auto set = [](const auto& value, auto& member) {
    if (value.has_value()) {
      member = *value;
    }
  };
  set(runtime, configuration.runtime);
  set(role, configuration.role);
  set(handler, configuration.handler);
  set(description, configuration.description);
  set(timeout_s, configuration.timeout_s);
  set(memory_mb, configuration.memory_mb);
  set(storage_mb, configuration.storage_mb);
  set(environment, configuration.environment);
  set(kms_key_arn, configuration.kms_key_arn);
  set(tracing_mode, configuration.tracing_mode);
  set(log_group, configuration.log_group);
  if (configuration.log_group.empty()) {
    configuration.log_group = "/aws/lambda/" + std::string(name);
  }
  // Levels belong to the format JSON, which begins with these.
  if (log_format == "JSON" && configuration.log_format != "JSON") {
    configuration.application_log_level = "INFO";
    configuration.system_log_level = "INFO";
  }
  set(log_format, configuration.log_format);
  set(application_log_level, configuration.application_log_level);
  set(system_log_level, configuration.system_log_level);
  if (configuration.log_format == "Text") {
    configuration.application_log_level.clear();
    configuration.system_log_level.clear();
  }
}

ConfigurationRequest ReadConfigurationRequest(MemberReader& members) {
  ConfigurationRequest request;
  request.role =
      Copy(members.Text("Role", {.max = 10'000, .matches = IsRole, .pattern = kRolePattern}));
  request.handler =
      Copy(members.Text("Handler", {.max = 128, .matches = HasNoSpace, .pattern = R"([^\s]+)"}));
  request.description = Copy(members.Text("Description", kDescriptionLimits));
  request.kms_key_arn =
      Copy(members.Text("KMSKeyArn", {.max = 10'000, .matches = IsKmsKey, .pattern = kKmsPattern}));
  request.runtime = Copy(members.Text("Runtime"));
  CheckRuntime(request);
  if (const std::optional<JsonNode> object = members.Object("TracingConfig"); object.has_value()) {
    const MemberPath path = members.PathOf("TracingConfig");
    MemberReader tracing(*object, members.faults(), &path);
    request.tracing_mode = Copy(tracing.Text("Mode", {.values = kTracingModes}));
  }
  ReadSizes(members, request);
  ReadEnvironment(members, request);
  ReadLogging(members, request);
  ReadUnsupported(members, request);
  return request;
}

LambdaStatus CheckRevision(std::optional<std::string_view> given, std::string_view revision_id) {
  if (!given.has_value() || given->empty() || *given == revision_id) {
    return {};
  }
  return MakeLambdaError(LambdaErrorCode::kPreconditionFailed,
                         "The Revision Id provided does not match the latest Revision Id. Call the "
                         "GetFunction/GetAlias API to retrieve the latest Revision Id");
}

}  // namespace weir::lambda
