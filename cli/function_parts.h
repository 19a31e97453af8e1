// SPDX-License-Identifier: Apache-2.0
// FunctionParts: Lambda and its logs for one database: the parts, joined.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/function_runtime.h"
#include "cli/service_options.h"
#include "consumers/worker_pool.h"
#include "control/control.h"
#include "protocol/service.h"
#include "services/dynamodb/database.h"
#include "services/lambda/functions/functions.h"
#include "services/lambda/invoke/async_queue.h"
#include "services/lambda/invoke/attachment_leases.h"
#include "services/lambda/invoke/concurrent_invoker.h"
#include "services/lambda/invoke/function_target.h"
#include "services/lambda/invoke/functions_endpoint.h"
#include "services/lambda/mappings/dead_letters.h"
#include "services/lambda/mappings/mappings.h"
#include "services/lambda/mappings/trigger.h"
#include "services/lambda/mappings/triggers_endpoint.h"
#include "services/lambda/service.h"
#include "services/logs/log_store.h"
#include "services/logs/log_tail.h"
#include "services/logs/service.h"

namespace weir::cli {

// Thread-safe. `database` must outlive it.
class FunctionParts {
 public:
  FunctionParts(const ServiceOptions& options, dynamodb::Database& database);
  // Ends all functions' processes. Asynchronous invocations and batches that are under way are for
  // the next process, if there is a data folder.
  ~FunctionParts();
  FunctionParts(const FunctionParts&) = delete;
  FunctionParts& operator=(const FunctionParts&) = delete;

  [[nodiscard]] protocol::Service& lambda() { return *lambda_; }
  [[nodiscard]] protocol::Service& logs() { return logs_; }
  void AddTo(control::ControlEndpoints& endpoints);
  // Has requests that wait for functions and log lines answered, and later ones at once.
  void Drain();

 private:
  // Answers in place of the endpoints that run functions, or tell what they did.
  class Closed final : public protocol::RequestHandler {
   public:
    explicit Closed(std::string_view refusal) : refusal_(refusal) {}
    void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;

   private:
    const std::string_view refusal_;
  };
  [[nodiscard]] lambda::FunctionsEndpoint::Parts EndpointParts();

  const lambda::FunctionAccess access_;
  Closed closed_;
  logs::LogStore log_store_;
  logs::LogTail log_tail_;
  logs::LogsService logs_;
  consumers::WorkerPool pool_;
  FunctionRuntime runtime_;
  lambda::Functions functions_;
  lambda::ConcurrentInvoker invoker_;
  lambda::AsyncQueue queue_;
  lambda::FunctionTarget target_;
  lambda::DeadLetters dead_letters_;
  const lambda::TriggerParts trigger_parts_;
  lambda::Mappings mappings_;
  std::unique_ptr<lambda::Attachments> attachments_;
  lambda::AttachmentLeases leases_;
  lambda::FunctionsEndpoint functions_endpoint_;
  lambda::TriggersEndpoint triggers_endpoint_;
  lambda::DeadLettersEndpoint dead_letters_endpoint_;
  std::unique_ptr<lambda::LambdaService> lambda_;
  Mutex mutex_;
  std::thread stopper_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::cli
