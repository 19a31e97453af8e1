// SPDX-License-Identifier: Apache-2.0
// FunctionProcess: one execution environment of a function, from its start to its end: its port of
// the Runtime API, its program, its log stream, and the one invocation that it may have at a time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runtimes/environment.h"
#include "runtimes/function_host.h"
#include "runtimes/interpreters.h"
#include "runtimes/invocation_log.h"
#include "runtimes/kept_program.h"
#include "runtimes/process_host.h"
#include "runtimes/process_start.h"
#include "runtimes/process_watch.h"
#include "runtimes/runtime_api.h"
#include "runtimes/runtime_api_server.h"

namespace weir::runtimes {

class FunctionProcess;

// What the processes of a host share. `starter` has one thread, which alone uses `interpreters`.
struct ProcessContext {
  const ProcessHostOptions& options;
  boost::asio::io_context& context;
  boost::asio::thread_pool& starter;
  Interpreters& interpreters;
  ProcessWatch& watch;
};

class ProcessOwner {
 public:
  virtual ~ProcessOwner() = default;
  // The invocation is answered next.
  virtual void OnInvocationOver(FunctionProcess& process) = 0;
  // The last event: nothing is left of the process.
  virtual void OnGone(FunctionProcess& process) = 0;
};

// Everything happens on the thread of `context`, but for what is said otherwise. `shared` and
// `owner` must outlive it.
class FunctionProcess final : public std::enable_shared_from_this<FunctionProcess>,
                              private ApiEvents,
                              private KeptProgram::Events {
 public:
  using Done = FunctionHost::Done;

  // On any thread. `id`, 32 hex digits, also names its folder.
  FunctionProcess(ProcessContext& shared, ProcessOwner& owner, FunctionSpecPtr function,
                  std::shared_ptr<RuntimeApiServer> server, std::string id);

  // On any thread, before Start.
  [[nodiscard]] std::map<std::string, std::string> Environment() const;

  // Starts the program, or, for kAttached, lets one in that somebody else starts.
  void Start();
  // Runs an invocation, as soon as the process is ready. It must not have one, nor be ending. For
  // kAttached, `function` may differ from the one before in all but its name.
  void Invoke(FunctionSpecPtr function, InvokeRequest request, Done done);
  // Ends the process once its invocation is over.
  void Retire();
  // Ends the process now, and its invocation, if it has one, as kUnavailable with that text.
  void Stop(std::string_view why);
  // For kAttached: ends the process's place, and its invocation, if it has one, as if the process
  // had exited.
  void Detach();

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const FunctionSpec& function() const { return *function_; }
  [[nodiscard]] bool is_attached() const { return function_->placement == Placement::kAttached; }
  [[nodiscard]] bool busy() const { return invocation_.has_value() || answer_.has_value(); }
  [[nodiscard]] bool ending() const { return ending_; }
  // Whether it waits for an invocation.
  [[nodiscard]] bool idle() const { return !busy() && !ending_ && !retiring_ && api_.ready(); }
  [[nodiscard]] bool retiring() const { return retiring_; }
  [[nodiscard]] std::chrono::steady_clock::time_point idle_since() const { return idle_since_; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Invocation {
    InvokeRequest request;
    Done done;
    bool begun = false;  // its START is logged, and its time runs
    Steady::time_point start;
  };
  // How the invocation ended, before it is answered.
  struct Answer {
    Done done;
    InvokeOutcome outcome;
  };
  // How an invocation is reported: "timeout" or "error", with a type, or neither.
  struct Report {
    std::string_view status;
    std::string_view error_type;
  };

  void OnReady() override;
  void OnInitError(std::string error) override;
  void OnResult(ApiResult result) override;
  void OnRestarted() override;
  void OnProcess(int program) override;
  void OnOutput(InvocationLog::Source source, std::string_view bytes) override {
    log_.Output(source, bytes);
  }
  void OnEnd(ProgramEnd end) override;

  [[nodiscard]] ProcessPlace Place() const;
  void OnPrepared(Result<ProcessStart, StartFault> start);
  void OnInitTimeout();
  void OnTimeout();
  // It takes more than a function may: ends it, with its invocation, if it has one.
  void OnExceeded(const ProcessWatch::Use& use);
  // Begins the invocation: logs its START and has its time run.
  void Begin(bool with_init_log);
  void Send();
  // The most memory that was seen in the invocation, which is over, in megabytes; 0 if nothing was.
  std::uint64_t MemoryUsed();
  // Logs what the program has printed by now.
  void LogOutput();
  // Ends the invocation with an error of that type; the message is given without "RequestId: …".
  void Fail(std::string_view type, std::string_view message);
  // Logs the end of an initialisation that failed, if this is one.
  void ReportInit(const Report& report);
  // Ends the invocation, and keeps its answer for Deliver.
  void Conclude(InvokeOutcome::Kind kind, std::string payload, const Report& report);
  void Deliver();
  // Both.
  void Finish(InvokeOutcome::Kind kind, std::string payload, const Report& report);
  void LogReport(const Report& report);
  void End();
  void Gone();
  // Calls `expired` after that time, unless the timer is set again or cancelled.
  void SetTimer(Steady::duration time, void (FunctionProcess::*expired)());

  ProcessContext& shared_;
  ProcessOwner& owner_;
  FunctionSpecPtr function_;
  CodeFolderPtr code_;  // from which the process runs, once it is known
  const std::string id_;
  const std::shared_ptr<RuntimeApiServer> server_;
  RuntimeApi api_;
  InvocationLog log_;
  boost::asio::steady_timer timer_;
  std::uint64_t timer_use_ = 0;
  std::shared_ptr<KeptProgram> program_;
  std::string program_path_;
  int program_id_ = 0;                 // 0: unknown
  std::uint64_t final_memory_mb_ = 0;  // of a program that has ended; 0: unknown
  bool preparing_ = false;
  bool retiring_ = false;
  bool ending_ = false;
  bool gone_ = false;
  std::optional<Invocation> invocation_;
  std::optional<Answer> answer_;
  boost::asio::steady_timer delivery_;
  Steady::time_point start_ = Steady::now();
  bool is_initialised_ = false;
  std::optional<Steady::duration> init_time_;  // until it has been reported
  Steady::time_point idle_since_;
};

}  // namespace weir::runtimes
