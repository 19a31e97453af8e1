// SPDX-License-Identifier: Apache-2.0
// ProcessHost: runs functions as processes of this machine, which speak the Lambda Runtime API to
// it. It starts a process for the first invocation of a function (a cold start), keeps it for later
// ones, and starts more for invocations at the same time, as AWS does.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "runtimes/function_host.h"
#include "runtimes/function_spec.h"

namespace weir::runtimes {

struct ProcessHostOptions {
  const Clock* clock = nullptr;  // of the log lines; must outlive the host
  LogSink* log = nullptr;        // must outlive the host
  // The URL at which functions reach the server, as "http://127.0.0.1:8000". Called when a process
  // is started, on a thread of the host's.
  std::function<std::string()> endpoint_url;
  // The variables in which functions get that URL, as "AWS_ENDPOINT_URL_LAMBDA".
  std::vector<std::string> endpoint_variables;
  // The command that calls RunKeeper (runtimes/keeper.h): "/usr/bin/weir", "keep-function".
  std::vector<std::string> keeper;
  // An existing folder beneath which each process has one: WorkFolder (runtimes/work_folder.h).
  std::filesystem::path folder;
  // Folders in which interpreters are looked for, separated by ':'; also the PATH of functions.
  std::string search_path;
  std::size_t max_processes = 64;
  // After so long, the time of a first invocation begins, although its process is not ready.
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
  std::chrono::milliseconds init_limit = std::chrono::seconds(10);
  // How long a process without invocations is kept, in real time.
  std::chrono::milliseconds idle_life = std::chrono::minutes(5);
};

// A place for a process that somebody else starts.
struct Attachment {
  std::string id;           // for Detach; 32 hex digits
  std::string runtime_api;  // "127.0.0.1:12345"
  // What the process needs beside its own environment, AWS_LAMBDA_RUNTIME_API among it.
  std::map<std::string, std::string> environment;
};

// How many processes of a function there are.
struct ProcessCount {
  int all = 0;  // with those that start, and places for others' processes
  int busy = 0;
};

// Thread-safe. The destructor stops it.
class ProcessHost final : public FunctionHost {
 public:
  explicit ProcessHost(ProcessHostOptions options);
  ~ProcessHost() override;
  ProcessHost(const ProcessHost&) = delete;
  ProcessHost& operator=(const ProcessHost&) = delete;

  // How many invocations of a function wait while all processes that are attached to it are busy.
  static constexpr std::size_t kMostWaiting = 100;

  // For kProcess and kAttached. An invocation that finds max_processes at work is kThrottled, and
  // one whose code cannot be opened kUnavailable. One that finds all attached processes busy waits
  // its turn; beyond kMostWaiting it is kThrottled.
  void Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) override;
  void Retire(std::string_view name) override;
  // Waits until the processes are gone and all invocations are answered. `done` functions must not
  // call it.
  void Stop() override;

  // Opens a place for a process that runs a function of that name (placement kAttached; a name has
  // any number of places). It is there until Detach. Fails with a text for people.
  Result<Attachment, std::string> Attach(const FunctionSpecPtr& function);
  // Closes a place, and fails its invocation; false if there is none with that id. Without another
  // place, the function's invocations that wait end as kUnavailable.
  bool Detach(std::string_view id);

  // By function name.
  [[nodiscard]] std::map<std::string, ProcessCount, std::less<>> Counts() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace weir::runtimes
