// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/function_json.h"

#include <utility>

#include "core/time_text.h"

namespace weir::lambda {
namespace {

using protocol::JsonKind;
using protocol::JsonNode;
using protocol::JsonTree;

// Of no bytes: what code that is not a zip is answered with.
constexpr std::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

Json LoggingJson(const Configuration& configuration) {
  Json logging = {{"LogFormat", configuration.log_format}, {"LogGroup", configuration.log_group}};
  if (!configuration.application_log_level.empty()) {
    logging["ApplicationLogLevel"] = configuration.application_log_level;
  }
  if (!configuration.system_log_level.empty()) {
    logging["SystemLogLevel"] = configuration.system_log_level;
  }
  return logging;
}

// The members that a record has, too.
Json MembersOf(const Configuration& configuration) {
  Json json = {{"Role", configuration.role},
               {"Runtime", configuration.runtime},
               {"Handler", configuration.handler},
               {"Description", configuration.description},
               {"Timeout", configuration.timeout_s},
               {"MemorySize", configuration.memory_mb},
               {"EphemeralStorage", {{"Size", configuration.storage_mb}}},
               {"TracingConfig", {{"Mode", configuration.tracing_mode}}},
               {"Architectures", Json::array({configuration.architecture})},
               {"LoggingConfig", LoggingJson(configuration)},
               {"RevisionId", configuration.revision_id}};
  if (configuration.environment.has_value()) {
    json["Environment"] = {{"Variables", Json(*configuration.environment)}};
  }
  if (!configuration.kms_key_arn.empty()) {
    json["KMSKeyArn"] = configuration.kms_key_arn;
  }
  return json;
}

void AddState(VersionState state, Json& json) {
  constexpr std::string_view kReason = "The function is being created.";
  if (state == VersionState::kListed) {
    return;
  }
  json["State"] = state == VersionState::kCreating ? "Pending" : "Active";
  switch (state) {
    case VersionState::kCreating:
      json["StateReason"] = kReason;
      json["StateReasonCode"] = "Creating";
      break;
    case VersionState::kUpdating:
      json["LastUpdateStatus"] = "InProgress";
      json["LastUpdateStatusReason"] = kReason;  // as observed, for updates too
      json["LastUpdateStatusReasonCode"] = "Creating";
      break;
    default:
      json["LastUpdateStatus"] = "Successful";
  }
}

// What a record has besides the members of an answer.
Json ConfigurationRecord(const Configuration& configuration) {
  Json json = MembersOf(configuration);
  json["modified"] = configuration.last_modified.count();
  json["changeId"] = configuration.change_id;
  json["sha256"] = configuration.code.sha256;
  json["size"] = configuration.code.size;
  json["folder"] = configuration.code.folder.string();
  return json;
}

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The text of a member; empty if it is missing.
std::string TextOf(JsonNode node, std::string_view name) {
  const std::optional<JsonNode> member = node.Find(name);
  return member.has_value() ? std::string(member->text()) : std::string();
}

std::int64_t IntegerOf(JsonNode node, std::string_view name) {
  const std::optional<JsonNode> member = node.Find(name);
  return member.has_value() ? member->integer() : 0;
}

// The member of a member.
std::optional<JsonNode> Below(JsonNode node, std::string_view name, std::string_view below) {
  const std::optional<JsonNode> member = node.Find(name);
  return member.has_value() && member->kind() == JsonKind::kObject ? member->Find(below)
                                                                   : std::nullopt;
}

std::string TextBelow(JsonNode node, std::string_view name, std::string_view below) {
  const std::optional<JsonNode> member = Below(node, name, below);
  return member.has_value() ? std::string(member->text()) : std::string();
}

Configuration ReadConfiguration(JsonNode node) {
  Configuration configuration;
  configuration.role = TextOf(node, "Role");
  configuration.runtime = TextOf(node, "Runtime");
  configuration.handler = TextOf(node, "Handler");
  configuration.description = TextOf(node, "Description");
  configuration.timeout_s = static_cast<int>(IntegerOf(node, "Timeout"));
  configuration.memory_mb = static_cast<int>(IntegerOf(node, "MemorySize"));
  const std::optional<JsonNode> storage = Below(node, "EphemeralStorage", "Size");
  configuration.storage_mb = storage.has_value() ? static_cast<int>(storage->integer()) : 0;
  configuration.tracing_mode = TextBelow(node, "TracingConfig", "Mode");
  if (const std::optional<JsonNode> list = node.Find("Architectures");
      list.has_value() && list->size() == 1) {
    configuration.architecture = (*list->begin()).text();
  }
  configuration.log_format = TextBelow(node, "LoggingConfig", "LogFormat");
  configuration.log_group = TextBelow(node, "LoggingConfig", "LogGroup");
  configuration.application_log_level = TextBelow(node, "LoggingConfig", "ApplicationLogLevel");
  configuration.system_log_level = TextBelow(node, "LoggingConfig", "SystemLogLevel");
  if (const std::optional<JsonNode> variables = Below(node, "Environment", "Variables");
      variables.has_value()) {
    configuration.environment.emplace();
    for (const JsonNode variable : *variables) {
      configuration.environment->emplace(variable.key(), variable.text());
    }
  }
  configuration.kms_key_arn = TextOf(node, "KMSKeyArn");
  configuration.revision_id = TextOf(node, "RevisionId");
  configuration.change_id = TextOf(node, "changeId");
  configuration.last_modified = Micros(IntegerOf(node, "modified"));
  configuration.code.sha256 = TextOf(node, "sha256");
  configuration.code.size = static_cast<std::uint64_t>(IntegerOf(node, "size"));
  configuration.code.folder = TextOf(node, "folder");
  return configuration;
}

Json AliasRecord(const Alias& alias) {
  return {{"version", alias.version},
          {"description", alias.description},
          {"weights", Json(alias.weights)},
          {"revisionId", alias.revision_id}};
}

Alias ReadAlias(JsonNode node) {
  Alias alias{.version = TextOf(node, "version"),
              .description = TextOf(node, "description"),
              .weights = {},
              .revision_id = TextOf(node, "revisionId")};
  if (const std::optional<JsonNode> weights = node.Find("weights"); weights.has_value()) {
    for (const JsonNode weight : *weights) {
      alias.weights.emplace(weight.key(), weight.decimal());
    }
  }
  return alias;
}

Json EventInvokeRecord(const EventInvokeConfig& config) {
  Json json = {{"modified", config.last_modified.count()}};
  if (config.maximum_retry_attempts.has_value()) {
    json["retries"] = *config.maximum_retry_attempts;
  }
  if (config.maximum_event_age_s.has_value()) {
    json["age"] = *config.maximum_event_age_s;
  }
  return json;
}

EventInvokeConfig ReadEventInvoke(JsonNode node) {
  EventInvokeConfig config;
  config.last_modified = Micros(IntegerOf(node, "modified"));
  if (node.Find("retries").has_value()) {
    config.maximum_retry_attempts = static_cast<int>(IntegerOf(node, "retries"));
  }
  if (node.Find("age").has_value()) {
    config.maximum_event_age_s = static_cast<int>(IntegerOf(node, "age"));
  }
  return config;
}

Json PolicyRecord(const Policy& policy) {
  Json json = Json::array();
  for (const Statement& statement : policy) {
    json.push_back({{"id", statement.id}, {"json", statement.json}});
  }
  return json;
}

// Calls `read` with each member of the object `name`.
template <class Read>
void ForEach(JsonNode node, std::string_view name, const Read& read) {
  if (const std::optional<JsonNode> object = node.Find(name); object.has_value()) {
    for (const JsonNode member : *object) {
      read(member);
    }
  }
}

}  // namespace

Json ConfigurationJson(const Function& function, std::string_view version,
                       const Configuration& configuration, VersionState state) {
  Json json = MembersOf(configuration);
  json["FunctionName"] = function.name;
  json["FunctionArn"] = function.Arn();
  json["Version"] = version;
  json["LastModified"] = DateText(configuration.last_modified);
  json["CodeSize"] = configuration.code.size;
  json["CodeSha256"] =
      Base64OfHex(configuration.code.sha256.empty() ? kEmptySha256 : configuration.code.sha256);
  json["PackageType"] = "Zip";
  json["SnapStart"] = {{"ApplyOn", "None"}, {"OptimizationStatus", "Off"}};
  AddState(state, json);
  return json;
}

Json QualifiedConfigurationJson(const Function& function, std::string_view version,
                                const Configuration& configuration, VersionState state) {
  Json json = ConfigurationJson(function, version, configuration, state);
  json["FunctionArn"] = function.Arn(version);
  return json;
}

Json AliasJson(const Function& function, std::string_view name, const Alias& alias) {
  Json json = {{"AliasArn", function.Arn(name)},
               {"Name", name},
               {"FunctionVersion", alias.version},
               {"Description", alias.description},
               {"RevisionId", alias.revision_id}};
  if (!alias.weights.empty()) {
    json["RoutingConfig"] = {{"AdditionalVersionWeights", Json(alias.weights)}};
  }
  return json;
}

Json EventInvokeJson(const Function& function, std::string_view qualifier,
                     const EventInvokeConfig& config) {
  const std::int64_t millis = config.last_modified.count() / 1000;
  Json json = {
      {"FunctionArn", function.Arn(qualifier)},
      {"LastModified", static_cast<double>(millis) / 1000},
      {"DestinationConfig", {{"OnSuccess", Json::object()}, {"OnFailure", Json::object()}}}};
  if (config.maximum_retry_attempts.has_value()) {
    json["MaximumRetryAttempts"] = *config.maximum_retry_attempts;
  }
  if (config.maximum_event_age_s.has_value()) {
    json["MaximumEventAgeInSeconds"] = *config.maximum_event_age_s;
  }
  return json;
}

std::string DateText(Micros time) {
  constexpr std::size_t kUpToMillis = std::string_view("2026-12-01T12:00:00.000").size();
  return UtcMicros(time).substr(0, kUpToMillis) + "+0000";
}

std::string FunctionRecord(const Function& function) {
  Json json = {{"name", function.name},
               {"region", function.region},
               {"latest", ConfigurationRecord(function.latest)},
               {"nextVersion", function.next_version},
               {"tags", Json(function.tags)},
               {"recursiveLoop", function.recursive_loop}};
  for (const auto& [name, alias] : function.aliases) {
    json["aliases"][name] = AliasRecord(alias);
  }
  for (const auto& [qualifier, config] : function.event_invoke) {
    json["eventInvoke"][qualifier] = EventInvokeRecord(config);
  }
  for (const auto& [qualifier, policy] : function.policies) {
    json["policies"][qualifier] = PolicyRecord(policy);
  }
  if (function.reserved_concurrency.has_value()) {
    json["reservedConcurrency"] = *function.reserved_concurrency;
  }
  return Dump(json);
}

std::string VersionRecord(const Version& version) {
  Json json = ConfigurationRecord(version.configuration);
  json["number"] = version.number;
  return Dump(json);
}

std::optional<Function> ReadFunctionRecord(std::string_view text) {
  const std::optional<JsonTree> tree = JsonTree::Parse(text);
  if (!tree.has_value() || tree->root().kind() != JsonKind::kObject) {
    return std::nullopt;
  }
  const JsonNode root = tree->root();
  const std::optional<JsonNode> latest = root.Find("latest");
  Function function;
  function.name = TextOf(root, "name");
  if (function.name.empty() || !latest.has_value() || latest->kind() != JsonKind::kObject) {
    return std::nullopt;
  }
  function.region = TextOf(root, "region");
  function.latest = ReadConfiguration(*latest);
  function.next_version = static_cast<std::uint64_t>(IntegerOf(root, "nextVersion"));
  function.recursive_loop = TextOf(root, "recursiveLoop");
  ForEach(root, "tags", [&](JsonNode tag) { function.tags.emplace(tag.key(), tag.text()); });
  ForEach(root, "aliases",
          [&](JsonNode alias) { function.aliases.emplace(alias.key(), ReadAlias(alias)); });
  ForEach(root, "eventInvoke", [&](JsonNode config) {
    function.event_invoke.emplace(config.key(), ReadEventInvoke(config));
  });
  ForEach(root, "policies", [&](JsonNode policy) {
    Policy& statements = function.policies[std::string(policy.key())];
    for (const JsonNode statement : policy) {
      statements.push_back({TextOf(statement, "id"), TextOf(statement, "json")});
    }
  });
  if (root.Find("reservedConcurrency").has_value()) {
    function.reserved_concurrency = static_cast<int>(IntegerOf(root, "reservedConcurrency"));
  }
  return function;
}

std::optional<Version> ReadVersionRecord(std::string_view text) {
  const std::optional<JsonTree> tree = JsonTree::Parse(text);
  if (!tree.has_value() || tree->root().kind() != JsonKind::kObject) {
    return std::nullopt;
  }
  return Version{.number = static_cast<std::uint64_t>(IntegerOf(tree->root(), "number")),
                 .configuration = ReadConfiguration(tree->root())};
}

void Answer(unsigned status, const Json& json, protocol::HttpResponse& response) {
  response.status = status;
  response.content_type = "application/json";
  response.body = Dump(json);
}

}  // namespace weir::lambda
