// SPDX-License-Identifier: Apache-2.0
// /_weir/functions: what runs, what it logged, its code, and processes that others attach.
//
//   GET    /_weir/functions                      → {"functions": [summary…]}
//   GET    /_weir/functions/<name>               → summary
//   GET    /_weir/functions/<name>/logs?query    → lines of what the function logged, each
//                                                  {"timestamp": ms, "stream", "message"}
//   GET    /_weir/functions/<name>/code?token=T  → the zip; also &version=V ($LATEST by default)
//   POST   /_weir/functions/<name>/runtime       → attachment
//   POST   /_weir/functions/<name>/runtime/<id>  → {}; keeps the attachment for another 15 seconds
//   DELETE /_weir/functions/<name>/runtime/<id>  → {}; ends it
//
//   summary    := {"name", "arn", "runtime", "placement": "process"|"attached"|"endpoint",
//                  "processes", "underWay", "invocations", "errors", "throttles", "unavailable",
//                  "averageDurationMs" and "lastError": text, if there is one,
//                  "queued": events that wait or run, "givenUp": events that were given up}
//   query      := since=<ms since 1970>, follow=<seconds, up to 20>, cursor=<of the answer before>,
//                 each of which may be missing (services/logs/log_tail.h)
//   attachment := {"id": text, "runtimeApi": "127.0.0.1:12345", "environment": {name: text, …}}
//
// Errors are {"message": text}: 404 for unknown functions and attachments, 400 for a runtime of
// what is no name of a function. No page may use any of it, not even one of this machine: its
// requests get 403 (protocol/web_page.h).
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/http.h"
#include "services/lambda/function_directory.h"
#include "services/lambda/invoke/async_queue.h"
#include "services/lambda/invoke/attachment_leases.h"
#include "services/lambda/invoke/concurrent_invoker.h"

namespace weir::lambda {

// A function as its owner describes it.
struct FunctionSummary {
  std::string name;
  std::string arn;
  std::string runtime;
  runtimes::Placement placement = runtimes::Placement::kProcess;
  std::size_t processes = 0;  // of all versions
};

// Thread-safe if what it is made of is.
class FunctionsEndpoint final : public protocol::RequestHandler {
 public:
  struct Parts {
    const FunctionDirectory* directory = nullptr;  // this and the next three must outlive it
    const ConcurrentInvoker* invoker = nullptr;
    const AsyncQueue* queue = nullptr;
    AttachmentLeases* leases = nullptr;
    // All functions, in the order of their names.
    std::function<std::vector<FunctionSummary>()> list;
    // The zip of a version; nullopt if there is none, or if the token is not this server's.
    std::function<std::optional<std::string>(std::string_view name, std::string_view version,
                                             std::string_view token)>
        code_of;
    // Whether there is a log group of that name.
    std::function<bool(std::string_view group)> has_logs;
    // Answers a request for the lines of a log group, as logs::LogTail::Handle does.
    std::function<void(std::string_view group, const protocol::HttpRequest& request,
                       protocol::HttpResponse& response)>
        read_logs;
    // Has all requests for lines answered that wait.
    std::function<void()> drain_logs;
  };
  explicit FunctionsEndpoint(Parts parts) : parts_(std::move(parts)) {}

  static constexpr std::string_view kPath = "/_weir/functions";

  // Checks the method itself, as an endpoint with paths below must.
  void Handle(const protocol::HttpRequest& request, protocol::HttpResponse& response) override;
  void Drain() override { parts_.drain_logs(); }

 private:
  // One request below kPath: `name` is the function, `rest` what follows it.
  struct Call {
    const protocol::HttpRequest& request;
    std::string_view name;
    std::string_view rest;
  };
  void Answer(const Call& call, protocol::HttpResponse& response);
  void List(protocol::HttpResponse& response) const;
  void Describe(std::string_view name, protocol::HttpResponse& response) const;
  void SendCode(const Call& call, protocol::HttpResponse& response) const;
  void ReadLogs(const Call& call, protocol::HttpResponse& response) const;
  // Attaches a process, keeps it, or ends it.
  void AnswerRuntime(const Call& call, protocol::HttpResponse& response);
  void Attach(std::string_view name, protocol::HttpResponse& response);
  // `call.rest` is the attachment's id.
  void RenewOrEnd(const Call& call, protocol::HttpResponse& response);

  const Parts parts_;
};

}  // namespace weir::lambda
