// SPDX-License-Identifier: Apache-2.0
#include "cli/function_parts.h"

#include <spdlog/spdlog.h>

#include <map>
#include <random>
#include <system_error>
#include <utility>

#include "services/dynamodb/triggers/event_record.h"
#include "services/lambda/invoke/invoke_routes.h"

namespace weir::cli {
namespace {

// Reading and filtering records takes little; functions run in processes of their own.
constexpr unsigned kWorkers = 2;
// Where functions are created that `weir lambda run` is for.
constexpr std::string_view kAttachedRegion = "us-east-1";

lambda::FunctionAccess AccessOf(const FunctionOptions& options) {
  return options.off                ? lambda::FunctionAccess::kOff
         : options.allowed_anywhere ? lambda::FunctionAccess::kAllowed
         : options.on_loopback      ? lambda::FunctionAccess::kAllowed
                                    : lambda::FunctionAccess::kNotLoopback;
}

lambda::FunctionsOptions FunctionsOptionsOf(const ServiceOptions& options) {
  lambda::FunctionsOptions functions;
  if (!options.data_dir.empty()) {
    // Processes have another working folder.
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::absolute(options.data_dir, error);
    functions.folder = (error ? std::filesystem::path(options.data_dir) : folder) / "functions";
  }
  functions.endpoint_of = [&endpoints = options.functions.endpoints](std::string_view name) {
    return endpoints.EndpointOf(name);
  };
  return functions;
}

void Report(std::string_view line) {
  spdlog::warn("{}", line);
}

// Places for processes that `weir lambda run` starts.
class RunAttachments final : public lambda::Attachments {
 public:
  RunAttachments(lambda::Functions& functions, FunctionRuntime& runtime)
      : functions_(functions), runtime_(runtime) {}

  Result<lambda::Attachment, std::string> Attach(std::string_view function) override {
    if (const lambda::LambdaStatus made = functions_.EnsureAttached(function, kAttachedRegion);
        !made.ok()) {
      return made.error().message;
    }
    functions_.SetAttached(function, true);
    Result<runtimes::Attachment, std::string> place = Open(function);
    const MutexLock lock(mutex_);
    if (!place.ok()) {
      ReleaseLocked(std::string(function));
      return std::move(place).error();
    }
    runtimes::Attachment& opened = place.value();
    names_.emplace(opened.id, function);
    return lambda::Attachment{.handle = std::move(opened.id),
                              .runtime_api = std::move(opened.runtime_api),
                              .environment = std::move(opened.environment)};
  }

  void Detach(std::string_view handle) override {
    if (const auto host = runtime_.ProcessHost(); host.ok()) {
      host.value()->Detach(handle);
    }
    const MutexLock lock(mutex_);
    if (const auto found = names_.find(handle); found != names_.end()) {
      const std::string name = found->second;
      names_.erase(found);
      ReleaseLocked(name);
    }
  }

 private:
  Result<runtimes::Attachment, std::string> Open(std::string_view function) {
    const lambda::LambdaResult<lambda::FunctionRef> found =
        functions_.Resolve(function, {}, kAttachedRegion);
    if (!found.ok()) {
      return found.error().message;
    }
    WEIR_ASSIGN_OR_RETURN(runtimes::ProcessHost* const host, runtime_.ProcessHost());
    return host->Attach(found.value().spec);
  }

  // The function runs by itself again once nobody is attached.
  void ReleaseLocked(const std::string& name) WEIR_REQUIRES(mutex_) {
    for (const auto& [handle, attached] : names_) {
      if (attached == name) {
        return;
      }
    }
    functions_.SetAttached(name, false);
  }

  lambda::Functions& functions_;
  FunctionRuntime& runtime_;
  Mutex mutex_;
  std::map<std::string, std::string, std::less<>> names_ WEIR_GUARDED_BY(mutex_);  // by handle
};

}  // namespace

FunctionParts::FunctionParts(const ServiceOptions& options, dynamodb::Database& database)
    : access_(AccessOf(options.functions)),
      closed_(lambda::RefusalOf(access_)),
      log_store_(database.clock()),
      log_tail_(log_store_),
      logs_(log_store_, database.clock()),
      pool_(database.timeline(), kWorkers),
      // Before the queue, which takes up what waits at once.
      runtime_(options, database.clock(), log_store_, lambda::RefusalOf(access_)),
      functions_(database.records(), database.clock(), runtime_.processes(),
                 FunctionsOptionsOf(options)),
      invoker_(runtime_.processes(), runtime_.endpoints(), database.timeline()),
      queue_({.pool = &pool_,
              .directory = &functions_,
              .invoker = &invoker_,
              .records = &database.records(),
              .report = Report}),
      target_(functions_, invoker_),
      dead_letters_(database.records()),
      trigger_parts_{
          .pool = pool_,
          .find_stream = [&database](std::string_view arn) { return database.streams().Find(arn); },
          .format = dynamodb::AppendEventRecord,
          .functions = functions_,
          .target = target_,
          .records = database.records(),
          .dead_letters = dead_letters_,
          .report = Report,
          .backoff = {.seed = std::random_device{}()}},
      mappings_(trigger_parts_),
      attachments_(std::make_unique<RunAttachments>(functions_, runtime_)),
      leases_(*attachments_),
      functions_endpoint_(EndpointParts()),
      triggers_endpoint_(mappings_, database.clock()),
      dead_letters_endpoint_(trigger_parts_) {
  protocol::RestRoutes routes;
  lambda::AddFunctionRoutes(routes, functions_, &mappings_);
  lambda::AddInvokeRoutes(routes, functions_, invoker_, queue_);
  lambda::AddMappingRoutes(routes, mappings_, functions_);
  lambda_ = std::make_unique<lambda::LambdaService>(std::move(routes), database.clock(), access_);
  if (access_ == lambda::FunctionAccess::kAllowed) {
    mappings_.Start();
  }
}

FunctionParts::~FunctionParts() {
  {
    const MutexLock lock(mutex_);
    if (stopper_.joinable()) {
      stopper_.join();
    }
  }
  runtime_.Stop();
  pool_.Stop();
  functions_.code().KeepAll();
}

void FunctionParts::Drain() {
  functions_endpoint_.Drain();
  runtime_.Refuse("the server is ending");
  const MutexLock lock(mutex_);
  if (runtime_.running() && !stopper_.joinable()) {
    // On another thread, since it waits for processes to end.
    stopper_ = std::thread([this] { runtime_.Stop(); });
  }
}

lambda::FunctionsEndpoint::Parts FunctionParts::EndpointParts() {
  return {
      .directory = &functions_,
      .invoker = &invoker_,
      .queue = &queue_,
      .leases = &leases_,
      .list =
          [this] {
            std::vector<lambda::FunctionSummary> all;
            for (lambda::Functions::Listed& listed : functions_.All()) {
              const std::size_t processes = runtime_.CountOf(listed.name);
              all.push_back({.name = std::move(listed.name),
                             .arn = std::move(listed.arn),
                             .runtime = std::move(listed.runtime),
                             .placement = listed.placement,
                             .processes = processes});
            }
            return all;
          },
      .code_of = [this](std::string_view name, std::string_view version,
                        std::string_view token) { return functions_.CodeOf(name, version, token); },
      .has_logs = [this](std::string_view group) { return log_store_.HasGroup(group); },
      .read_logs =
          [this](std::string_view group, const protocol::HttpRequest& request,
                 protocol::HttpResponse& response) { log_tail_.Handle(group, request, response); },
      .drain_logs = [this] { log_tail_.Stop(); }};
}

void FunctionParts::Closed::Handle(const protocol::HttpRequest& /*request*/,
                                   protocol::HttpResponse& response) {
  constexpr unsigned kForbidden = 403;
  control::AnswerFault(kForbidden, refusal_, response);
}

void FunctionParts::AddTo(control::ControlEndpoints& endpoints) {
  const auto unless_closed =
      [this](protocol::RequestHandler& handler) -> protocol::RequestHandler* {
    return access_ == lambda::FunctionAccess::kAllowed ? &handler : &closed_;
  };
  endpoints.Add({.path = lambda::FunctionsEndpoint::kPath,
                 .methods = "GET, HEAD, POST, DELETE",
                 .purpose = "functions: how they are doing, what they log, and places to run them",
                 .handler = unless_closed(functions_endpoint_),
                 .has_paths_below = true});
  endpoints.Add({.path = lambda::TriggersEndpoint::kPath,
                 .methods = "GET, HEAD",
                 .purpose = "event source mappings: how they are doing",
                 .handler = &triggers_endpoint_,
                 .has_paths_below = true});
  endpoints.Add({.path = lambda::DeadLettersEndpoint::kPath,
                 .methods = "GET, HEAD, POST, DELETE",
                 .purpose = "batches that were given up, to look at and to send again",
                 .handler = unless_closed(dead_letters_endpoint_),
                 .has_paths_below = true});
}

}  // namespace weir::cli
