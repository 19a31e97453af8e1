// SPDX-License-Identifier: Apache-2.0
#include "services/lambda/functions/functions.h"

#include <algorithm>
#include <utility>

#include "core/result.h"
#include "core/uuid.h"
#include "protocol/request_context.h"
#include "services/lambda/functions/function_json.h"

namespace weir::lambda {
namespace {

using runtimes::FunctionSpec;
using runtimes::Placement;

constexpr std::string_view kFunctionKind = "lambda.function";
constexpr std::string_view kVersionKind = "lambda.version";
// For `weir lambda run`: the longest that AWS takes, since a debugger may stop the process.
constexpr int kAttachedTimeout = 900;

// "<name>:<number>"; names have no colon.
std::string VersionKey(std::string_view name, std::uint64_t number) {
  return std::string(name) + ":" + std::to_string(number);
}

// The code of a zip that is no longer there.
struct LostCode final : runtimes::CodeSource {
  [[nodiscard]] Result<runtimes::CodeFolderPtr, std::string> Open() const override {
    return std::string("The function's code is lost");
  }
};

// A function that only runs while a process is attached.
bool HasCode(const Configuration& configuration) {
  return !configuration.code.sha256.empty() || !configuration.code.folder.empty();
}

Placement PlacementOf(const Configuration& configuration, bool attached) {
  return attached || !HasCode(configuration) ? Placement::kAttached : Placement::kProcess;
}

// The name of a qualifier in the settings that are kept by qualifier.
std::string_view SettingsKey(std::string_view qualifier) {
  return qualifier.empty() ? kLatest : qualifier;
}

}  // namespace

Functions::Functions(storage::KeptRecords& records, const Clock& clock,
                     runtimes::FunctionHost& host, FunctionsOptions options)
    : records_(records),
      clock_(clock),
      host_(host),
      options_(std::move(options)),
      token_(NewUuid()),
      code_(options_.folder),
      random_(options_.seed) {
  Restore();
}

Functions::~Functions() {
  code_.KeepAll();
}

void Functions::Restore() {
  const MutexLock lock(mutex_);
  const auto adopt = [this](Configuration& configuration) {
    if (!configuration.code.sha256.empty()) {
      configuration.code.zip = code_.Adopt(configuration.code.sha256);
    }
  };
  struct KeptVersion {
    std::string key;
    VersionPtr version;
  };
  std::map<std::string, std::vector<KeptVersion>, std::less<>> versions;  // by function
  for (storage::KeptRecords::Record& record : records_.All(kVersionKind)) {
    if (std::optional<Version> version = ReadVersionRecord(record.value); version.has_value()) {
      adopt(version->configuration);
      const std::string function = record.key.substr(0, record.key.find(':'));
      versions[function].push_back(
          {std::move(record.key), std::make_shared<const Version>(*std::move(version))});
    }
  }
  for (const storage::KeptRecords::Record& record : records_.All(kFunctionKind)) {
    std::optional<Function> function = ReadFunctionRecord(record.value);
    if (!function.has_value()) {
      continue;
    }
    adopt(function->latest);
    for (const auto& [key, version] : versions[record.key]) {
      function->next_version = std::max(function->next_version, version->number + 1);
      function->versions.emplace(version->number, version);
    }
    versions.erase(record.key);
    versions_ += function->versions.size();
    functions_.emplace(record.key, std::make_shared<const Function>(*std::move(function)));
  }
  // Versions of functions that went just before the last process ended.
  for (const auto& [name, orphans] : versions) {
    for (const KeptVersion& orphan : orphans) {
      records_.Remove(kVersionKind, orphan.key);
    }
  }
  versions.clear();
  code_.RemoveOthers();
}

LambdaResult<FunctionRef> Functions::Resolve(std::string_view function, std::string_view qualifier,
                                             std::string_view region) const {
  WEIR_ASSIGN_OR_RETURN(FunctionName name,
                        ParseFunctionName(function, NameKind::kNamespaced, qualifier, region));
  const FunctionPtr found = Find(name.name);
  // Of any region if the caller has none.
  const bool is_elsewhere = !region.empty() && name.region != region;
  if (found == nullptr || name.account != protocol::kAccount) {
    LambdaResult<FunctionRef> at_endpoint = ResolveEndpoint(name);
    if (!at_endpoint.ok() && is_elsewhere) {
      return FunctionNotReachable(name, region);
    }
    return at_endpoint;
  }
  if (is_elsewhere && name.region != found->region) {
    return FunctionNotReachable(name, region);
  }
  const std::optional<std::string> version = VersionOf(*found, name.qualifier);
  if (!version.has_value()) {
    return FunctionNotFound(name);
  }
  return FunctionRef{.spec = SpecOf(*found, *version),
                     .arn = found->Arn(name.qualifier),
                     .qualifier = name.qualifier,
                     .reserved_concurrency = found->reserved_concurrency};
}

LambdaResult<FunctionRef> Functions::ResolveEndpoint(const FunctionName& name) const {
  const std::optional<std::string> url =
      options_.endpoint_of == nullptr ? std::nullopt : options_.endpoint_of(name.name);
  if (!url.has_value()) {
    FunctionName missing = name;
    missing.qualifier = SettingsKey(name.qualifier);
    return FunctionNotFound(missing);
  }
  FunctionSpec spec;
  spec.name = name.name;
  spec.region = name.region;
  spec.account = name.account;
  spec.placement = Placement::kEndpoint;
  spec.endpoint = *url;
  spec.timeout_s = kAttachedTimeout;  // the endpoint has its own
  spec.log_group = "/aws/lambda/" + name.name;
  return FunctionRef{.spec = std::make_shared<const FunctionSpec>(std::move(spec)),
                     .arn = name.Arn(),
                     .qualifier = name.qualifier,
                     .reserved_concurrency = std::nullopt};
}

std::optional<std::string> Functions::VersionOf(const Function& function,
                                                std::string_view qualifier) const {
  const auto alias = function.aliases.find(qualifier);
  std::string version = alias != function.aliases.end() ? PickVersion(alias->second)
                                                        : std::string(SettingsKey(qualifier));
  return function.Find(version) != nullptr ? std::optional(std::move(version)) : std::nullopt;
}

std::string Functions::PickVersion(const Alias& alias) const {
  if (alias.weights.empty()) {
    return alias.version;
  }
  const auto& [other, share] = *alias.weights.begin();
  const MutexLock lock(mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_) < share ? other : alias.version;
}

runtimes::FunctionSpecPtr Functions::SpecOf(const Function& function,
                                            std::string_view version) const {
  const Configuration& configuration = *function.Find(version);
  FunctionSpec spec;
  spec.name = function.name;
  spec.version = version;
  spec.region = function.region;
  spec.account = protocol::kAccount;
  spec.revision = configuration.change_id;
  spec.placement = PlacementOf(configuration, IsAttached(function.name));
  spec.runtime = configuration.runtime;
  spec.handler = configuration.handler;
  if (configuration.environment.has_value()) {
    spec.environment = *configuration.environment;
  }
  spec.memory_mb = configuration.memory_mb;
  spec.timeout_s = configuration.timeout_s;
  spec.log_group = configuration.log_group;
  if (spec.placement == Placement::kProcess) {
    spec.code = SourceOf(configuration.code);
  }
  return std::make_shared<const FunctionSpec>(std::move(spec));
}

runtimes::CodeSourcePtr Functions::SourceOf(const Code& code) const {
  if (!code.folder.empty()) {
    return std::make_shared<const HotFolder>(code.folder, hot_folders_);
  }
  if (code.zip != nullptr) {
    return code.zip;
  }
  return std::make_shared<const LostCode>();
}

AsyncSettings Functions::AsyncSettingsOf(const FunctionRef& function) const {
  AsyncSettings settings;
  const FunctionPtr found = Find(function.spec->name);
  if (found == nullptr) {
    return settings;
  }
  const auto config = found->event_invoke.find(SettingsKey(function.qualifier));
  if (config == found->event_invoke.end()) {
    return settings;
  }
  settings.maximum_retry_attempts =
      config->second.maximum_retry_attempts.value_or(settings.maximum_retry_attempts);
  if (const std::optional<int> age = config->second.maximum_event_age_s; age.has_value()) {
    settings.maximum_event_age = std::chrono::seconds(*age);
  }
  return settings;
}

std::vector<Functions::Listed> Functions::All() const {
  std::vector<Listed> all;
  for (const FunctionPtr& function : Snapshot()) {
    all.push_back({.name = function->name,
                   .arn = function->Arn(),
                   .runtime = function->latest.runtime,
                   .placement = PlacementOf(function->latest, IsAttached(function->name)),
                   .log_group = function->latest.log_group});
  }
  return all;
}

LambdaStatus Functions::EnsureAttached(std::string_view name, std::string_view region) {
  WEIR_ASSIGN_OR_RETURN(const FunctionName parsed, ParseNewFunctionName(name, region));
  if (Find(parsed.name) != nullptr) {
    return {};
  }
  Function function;
  function.name = parsed.name;
  function.region = parsed.region;
  function.latest.runtime = "provided.al2023";
  function.latest.role = "arn:aws:iam::" + std::string(protocol::kAccount) + ":role/weir";
  function.latest.handler = "bootstrap";
  function.latest.timeout_s = kAttachedTimeout;
  function.latest.log_group = "/aws/lambda/" + parsed.name;
  function.latest.last_modified = clock_.Now();
  function.latest.revision_id = NewUuid();
  function.latest.change_id = NewUuid();
  const LambdaStatus added = Add(std::make_shared<const Function>(std::move(function)));
  const bool made_meanwhile =
      !added.ok() && added.error().code == LambdaErrorCode::kResourceConflict;
  return made_meanwhile ? LambdaStatus() : added;
}

void Functions::SetAttached(std::string_view name, bool attached) {
  const MutexLock lock(mutex_);
  if (attached) {
    attached_.emplace(name);
  } else if (const auto found = attached_.find(name); found != attached_.end()) {
    attached_.erase(found);
  }
}

bool Functions::IsAttached(std::string_view name) const {
  const MutexLock lock(mutex_);
  return attached_.contains(name);
}

std::optional<std::string> Functions::CodeOf(std::string_view name, std::string_view version,
                                             std::string_view token) const {
  const FunctionPtr function = token == token_ ? Find(name) : nullptr;
  const Configuration* const configuration =
      function == nullptr ? nullptr : function->Find(SettingsKey(version));
  return configuration == nullptr || configuration->code.zip == nullptr
             ? std::nullopt
             : configuration->code.zip->Read();
}

FunctionPtr Functions::Find(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : found->second;
}

std::vector<FunctionPtr> Functions::Snapshot() const {
  std::vector<FunctionPtr> all;
  const MutexLock lock(mutex_);
  all.reserve(functions_.size());
  for (const auto& [name, function] : functions_) {
    all.push_back(function);
  }
  return all;
}

LambdaStatus Functions::Add(FunctionPtr function) {
  const MutexLock lock(mutex_);
  if (functions_.contains(function->name)) {
    return MakeLambdaError(LambdaErrorCode::kResourceConflict,
                           "Function already exist: " + function->name);
  }
  if (functions_.size() >= kMostFunctions) {
    return MakeLambdaError(LambdaErrorCode::kTooManyRequests,
                           "Weir keeps up to " + std::to_string(kMostFunctions) + " functions");
  }
  return Replace(nullptr, std::move(function));
}

LambdaResult<FunctionPtr> Functions::Change(const FunctionName& name,
                                            const ChangeFunction& change) {
  return Change(name, [&change](Function& function, int /*reserved*/) { return change(function); });
}

LambdaResult<FunctionPtr> Functions::Change(const FunctionName& name,
                                            const ChangeConcurrency& change) {
  FunctionPtr before;  // goes, with code that nothing names, after the lock
  FunctionPtr after;
  {
    const MutexLock lock(mutex_);
    const auto found = functions_.find(name.name);
    if (found == functions_.end() || name.account != protocol::kAccount) {
      return FunctionNotFound(name);
    }
    int reserved = 0;
    for (const auto& [other, function] : functions_) {
      reserved += other == name.name ? 0 : function->reserved_concurrency.value_or(0);
    }
    before = found->second;
    Function changed = *before;
    WEIR_RETURN_IF_ERROR(change(changed, reserved));
    after = std::make_shared<const Function>(std::move(changed));
    WEIR_RETURN_IF_ERROR(Replace(before.get(), after));
  }
  const bool loses_version = std::any_of(
      before->versions.begin(), before->versions.end(),
      [&after](const auto& version) { return !after->versions.contains(version.first); });
  if (before->latest.change_id != after->latest.change_id || loses_version) {
    host_.Retire(name.name);
  }
  return after;
}

bool Functions::Remove(std::string_view name) {
  FunctionPtr removed;
  {
    const MutexLock lock(mutex_);
    const auto found = functions_.find(name);
    if (found == functions_.end()) {
      return false;
    }
    removed = found->second;
    versions_ -= removed->versions.size();
    functions_.erase(found);
    // In this order, a crash leaves versions without a function, which are removed at the start.
    records_.Remove(kFunctionKind, name);
    for (const auto& [number, version] : removed->versions) {
      records_.Remove(kVersionKind, VersionKey(name, number));
    }
  }
  host_.Retire(name);
  return true;
}

LambdaStatus Functions::Replace(const Function* before, FunctionPtr after) {
  const std::size_t others = versions_ - (before == nullptr ? 0 : before->versions.size());
  const bool grows = before == nullptr || after->versions.size() > before->versions.size();
  if (grows && others + after->versions.size() > kMostVersions) {
    return MakeLambdaError(
        LambdaErrorCode::kCodeStorageExceeded,
        "Weir keeps up to " + std::to_string(kMostVersions) + " versions of all functions");
  }
  std::string record = FunctionRecord(*after);
  if (record.size() > kMostSettings) {
    return InvalidParameterValue("Weir keeps up to " + std::to_string(kMostSettings) +
                                 " bytes of a function's settings, aliases and policies");
  }
  // In this order, a crash leaves at most versions that nothing was told of.
  for (const auto& [number, version] : after->versions) {
    VersionPtr same;
    if (before != nullptr && before->versions.contains(number)) {
      same = before->versions.at(number);
    }
    if (same != version) {
      records_.Put(kVersionKind, VersionKey(after->name, number), VersionRecord(*version));
    }
  }
  records_.Put(kFunctionKind, after->name, std::move(record));
  if (before != nullptr) {
    for (const auto& [number, version] : before->versions) {
      if (!after->versions.contains(number)) {
        records_.Remove(kVersionKind, VersionKey(after->name, number));
      }
    }
  }
  versions_ = others + after->versions.size();
  functions_.insert_or_assign(after->name, std::move(after));
  return {};
}

}  // namespace weir::lambda
