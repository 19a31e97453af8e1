// SPDX-License-Identifier: Apache-2.0
#include "runtimes/function_process.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/memory_reserve.h"
#include "core/system.h"
#include "core/time_text.h"
#include "runtimes/code/folder_rights.h"
#include "runtimes/invocation_errors.h"
#include "runtimes/program.h"
#include "runtimes/random_hex.h"

namespace weir::runtimes {
namespace {

namespace asio = boost::asio;

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20U;
// Of a process and all that it has started.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr std::uint64_t kMostThreads = 1024;

std::uint64_t InMegabytes(std::uint64_t bytes) {
  return (bytes + kMegabyte - 1) / kMegabyte;
}

double Milliseconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

std::string Fixed(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", number);
  return text.data();
}

std::int64_t MillisecondsSince1970(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// Of a trace that nobody samples.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
std::string NewTraceId() {
  constexpr std::size_t kParentDigits = 16;
  constexpr std::size_t kRootDigits = 24;
  std::array<char, 16> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%08x",
                static_cast<unsigned>(MillisecondsSince1970(std::chrono::system_clock::now()) /
                                      std::milli::den));
  return std::string("Root=1-")
      .append(seconds.data())
      .append("-")
      .append(RandomHex(), 0, kRootDigits)
      .append(";Parent=")
      .append(RandomHex(), 0, kParentDigits)
      .append(";Sampled=0");
}

// The errorType of an error document; empty if it has none.
std::string ErrorTypeOf(const std::string& document) {
  const nlohmann::json error = nlohmann::json::parse(document, nullptr, false);
  const auto* const object = error.get_ptr<const nlohmann::json::object_t*>();
  if (object == nullptr || object->count("errorType") == 0) {
    return {};
  }
  const auto* const type = object->at("errorType").get_ptr<const std::string*>();
  return type == nullptr ? std::string() : *type;
}

}  // namespace

FunctionProcess::FunctionProcess(ProcessContext& shared, ProcessOwner& owner,
                                 FunctionSpecPtr function, std::shared_ptr<RuntimeApiServer> server,
                                 std::string id)
    : shared_(shared),
      owner_(owner),
      function_(std::move(function)),
      id_(std::move(id)),
      server_(std::move(server)),
      api_(*this, function_->placement == Placement::kAttached),
      log_(*shared.options.log, *shared.options.clock, function_->log_group,
           NewLogStream(shared.options.clock->Now(), function_->version)),
      timer_(shared.context),
      delivery_(shared.context) {}

ProcessPlace FunctionProcess::Place() const {
  const ProcessHostOptions& options = shared_.options;
  return {.runtime_api = server_->address(),
          .log_stream = log_.stream(),
          .folder = is_attached() ? std::string() : (options.folder / id_).string(),
          .code = {},
          .search_path = options.search_path,
          .endpoint_variables = options.endpoint_variables,
          .endpoint_url = options.endpoint_url()};
}

std::map<std::string, std::string> FunctionProcess::Environment() const {
  return EnvironmentOf(*function_, Place());
}

void FunctionProcess::Start() {
  server_->Start([weak = weak_from_this()](ApiRequest request, ApiClientPtr client) {
    if (const auto self = weak.lock()) {
      self->api_.Handle(std::move(request), std::move(client));
    }
  });
  if (is_attached()) {
    return;
  }
  preparing_ = true;
  log_.Line("INIT_START Runtime Version: " + function_->runtime);
  SetTimer(shared_.options.init_limit, &FunctionProcess::OnInitTimeout);
  asio::post(shared_.starter, [self = shared_from_this()] {
    const MemoryReserve::MustNotFail task;
    const ProcessContext& shared = self->shared_;
    auto start = std::make_shared<Result<ProcessStart, StartFault>>(PrepareProcess(
        *self->function_, self->Place(), shared.interpreters, shared.options.keeper));
    asio::post(shared.context, [self, start] { self->OnPrepared(std::move(*start)); });
  });
}

void FunctionProcess::OnPrepared(Result<ProcessStart, StartFault> start) {
  preparing_ = false;
  if (!start.ok()) {
    const StartFault& fault = start.error();
    if (invocation_.has_value() && !fault.type.empty()) {
      Fail(fault.type, fault.message);
    }
    Stop(fault.message);
    return;
  }
  code_ = std::move(start.value().code);
  if (!start.value().note.empty()) {
    log_.Line(start.value().note);
  }
  program_ = std::make_shared<KeptProgram>(shared_.context, std::move(start.value().keeper),
                                           static_cast<KeptProgram::Events&>(*this));
  program_path_ = start.value().order.arguments.front();
  program_->Start(start.value().order);
  if (ending_) {
    program_->Stop();
    return;
  }
  start_ = Steady::now();
  if (invocation_.has_value() && !invocation_->begun) {
    SetTimer(shared_.options.init_limit, &FunctionProcess::OnInitTimeout);
  }
}

void FunctionProcess::Invoke(FunctionSpecPtr function, InvokeRequest request, Done done) {
  if (is_attached()) {
    function_ = std::move(function);
  }
  invocation_ = {.request = std::move(request), .done = std::move(done), .start = {}};
  if (api_.ready()) {
    Begin(false);
    Send();
  } else if (is_attached()) {
    SetTimer(shared_.options.init_limit, &FunctionProcess::OnInitTimeout);
  }
}

void FunctionProcess::OnReady() {
  if (!std::exchange(is_initialised_, true) && invocation_.has_value() && !invocation_->begun &&
      !is_attached()) {
    init_time_ = Steady::now() - start_;
  }
  Deliver();
  if (ending_) {
    return;
  }
  if (invocation_.has_value()) {
    if (!invocation_->begun) {
      Begin(false);
    }
    Send();
  } else if (retiring_) {
    End();
  } else {
    idle_since_ = Steady::now();
    timer_use_++;
    if (!is_attached()) {
      SetTimer(shared_.options.idle_life, &FunctionProcess::End);
    }
  }
}

void FunctionProcess::Begin(bool with_init_log) {
  Invocation& invocation = *invocation_;
  invocation.begun = true;
  invocation.start = Steady::now();
  log_.Begin(with_init_log);
  log_.Line("START RequestId: " + invocation.request.request_id +
            " Version: " + function_->version);
  SetTimer(std::chrono::seconds(function_->timeout_s), &FunctionProcess::OnTimeout);
  shared_.watch.Begin(program_id_);
}

std::uint64_t FunctionProcess::MemoryUsed() {
  if (program_id_ == 0) {
    return 0;
  }
  // What is short is over before the watch looks. What a program took that has ended, its keeper
  // knows.
  const std::uint64_t at_end =
      program_ == nullptr ? final_memory_mb_ : InMegabytes(system::ResidentMemoryOf(program_id_));
  return std::max(InMegabytes(shared_.watch.End(program_id_)), at_end);
}

void FunctionProcess::OnProcess(int program) {
  program_id_ = program;
  auto exceeded = [weak = weak_from_this(),
                   &context = shared_.context](const ProcessWatch::Use& use) {
    asio::post(context, [weak, use] {
      if (const auto self = weak.lock()) {
        self->OnExceeded(use);
      }
    });
  };
  shared_.watch.Add(program_id_,
                    {.memory = static_cast<std::uint64_t>(function_->memory_mb) * kMegabyte,
                     .threads = kMostThreads},
                    std::move(exceeded));
  if (invocation_.has_value()) {
    shared_.watch.Begin(program_id_);
  }
}

void FunctionProcess::LogOutput() {
  if (program_ != nullptr) {
    program_->Drain();
  }
  log_.Flush();
}

void FunctionProcess::Send() {
  InvokeRequest& request = invocation_->request;
  const auto deadline =
      std::chrono::system_clock::now() +
      (std::chrono::seconds(function_->timeout_s) - (Steady::now() - invocation_->start));
  api_.Send({.request_id = request.request_id,
             .payload = std::move(request.payload),
             .client_context = std::move(request.client_context),
             .invoked_arn = std::move(request.invoked_arn),
             .trace_id = NewTraceId(),
             .deadline_ms = MillisecondsSince1970(deadline)});
}

void FunctionProcess::OnResult(ApiResult result) {
  if (!invocation_.has_value()) {
    return;
  }
  Conclude(result.is_error ? InvokeOutcome::Kind::kFunctionError : InvokeOutcome::Kind::kReturned,
           std::move(result.payload),
           {.status = result.error_type.empty() ? "" : "error", .error_type = result.error_type});
  // The process asks for the next invocation at once, as a rule. Whoever gets the answer then, and
  // invokes the function again, need not start another process.
  constexpr std::chrono::milliseconds kAtOnce{20};
  delivery_.expires_after(kAtOnce);
  delivery_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self != nullptr) {
      self->Deliver();
    }
  });
}

void FunctionProcess::OnInitError(std::string error) {
  if (!invocation_.has_value()) {
    return;  // attached, and nobody has asked for anything
  }
  std::string type = ErrorTypeOf(error);
  if (type.empty()) {
    type = "Runtime.Unknown";
    error = ErrorDocument(type, "");
  }
  const Report report{.status = "error", .error_type = type};
  ReportInit(report);
  if (!invocation_->begun) {
    Begin(true);
  }
  Finish(InvokeOutcome::Kind::kFunctionError, std::move(error), report);
  if (!is_attached()) {
    End();
  }
}

void FunctionProcess::OnRestarted() {
  if (invocation_.has_value()) {
    Fail(kExitError, ExitMessage({}));
  }
}

void FunctionProcess::OnEnd(ProgramEnd end) {
  program_ = nullptr;
  final_memory_mb_ = static_cast<std::uint64_t>(end.memory_mb);
  if (invocation_.has_value()) {
    if (end.kind == ProgramEnd::Kind::kNotStarted) {
      Fail(kInvalidEntrypoint, CannotExecute(*function_, program_path_, end.number));
    } else {
      Fail(kExitError, ExitMessage(end));
    }
  }
  shared_.watch.Remove(program_id_);
  End();
}

void FunctionProcess::OnInitTimeout() {
  if (!invocation_.has_value()) {
    return;
  }
  if (is_attached()) {
    Finish(
        InvokeOutcome::Kind::kUnavailable,
        "The process that runs the function " + function_->name + " does not ask for an invocation",
        {});
    return;
  }
  // AWS starts the process anew, in the time of the invocation. Here it goes on.
  ReportInit({.status = "timeout", .error_type = {}});
  Begin(true);
}

void FunctionProcess::OnTimeout() {
  if (invocation_.has_value()) {
    const std::string& id = invocation_->request.request_id;
    const std::string message = TimeoutMessage(function_->timeout_s);
    constexpr std::size_t kMillisecondEnd = 23;  // 2026-12-01T12:00:00.000
    std::string line = UtcMicros(shared_.options.clock->Now()).substr(0, kMillisecondEnd);
    LogOutput();
    log_.Line(line.append("Z ").append(id).append(" ").append(message));
    std::string payload = ErrorDocument(kTimedOut, "RequestId: " + id + " Error: " + message);
    Finish(InvokeOutcome::Kind::kFunctionError, std::move(payload),
           {.status = "timeout", .error_type = {}});
  }
  // Also if it has answered, and then has not asked for an invocation in time.
  if (is_attached()) {
    api_.Forget();
  } else {
    End();
  }
}

void FunctionProcess::OnExceeded(const ProcessWatch::Use& use) {
  if (ending_) {
    return;
  }
  LogOutput();
  if (use.threads > kMostThreads) {
    log_.Line("Weir: the function has " + std::to_string(use.threads) +
              " processes and threads, and may have " + std::to_string(kMostThreads));
  } else {
    log_.Line("Weir: the function takes " + std::to_string(InMegabytes(use.memory)) +
              " MB of memory, and may take " + std::to_string(function_->memory_mb) + " MB");
  }
  // As the kernel's end of a process that takes too much looks on AWS.
  constexpr std::string_view kKilled = "Runtime exited with error: signal: killed";
  if (invocation_.has_value()) {
    Fail(kExitError, kKilled);
  } else {
    log_.Line(std::string("Error: ").append(kKilled));
    log_.Line(kExitError);
  }
  End();
}

void FunctionProcess::Fail(std::string_view type, std::string_view message) {
  const Report report{.status = "error", .error_type = type};
  ReportInit(report);
  if (!invocation_->begun) {
    Begin(true);
  }
  LogOutput();
  const std::string whole = std::string("RequestId: ")
                                .append(invocation_->request.request_id)
                                .append(" Error: ")
                                .append(message);
  log_.Line(whole);
  log_.Line(type);
  Finish(InvokeOutcome::Kind::kFunctionError, ErrorDocument(type, whole), report);
}

void FunctionProcess::ReportInit(const Report& report) {
  if (is_initialised_ || is_attached() || invocation_->begun) {
    return;
  }
  LogOutput();
  std::string line = "INIT_REPORT Init Duration: " + Fixed(Milliseconds(Steady::now() - start_)) +
                     " ms\tPhase: init\tStatus: ";
  line += report.status;
  if (!report.error_type.empty()) {
    line.append("\tError Type: ").append(report.error_type);
  }
  log_.Line(line);
}

void FunctionProcess::Conclude(InvokeOutcome::Kind kind, std::string payload,
                               const Report& report) {
  LogOutput();
  if (invocation_->begun) {
    log_.Line("END RequestId: " + invocation_->request.request_id);
    LogReport(report);
  }
  answer_ = {.done = std::move(invocation_->done),
             .outcome = {.kind = kind,
                         .payload = std::move(payload),
                         .log_tail = invocation_->begun ? log_.tail() : std::string()}};
  invocation_.reset();
}

void FunctionProcess::Deliver() {
  if (!answer_.has_value()) {
    return;
  }
  delivery_.cancel();
  Answer answer = *std::move(answer_);
  answer_.reset();
  owner_.OnInvocationOver(*this);
  answer.done(std::move(answer.outcome));
}

void FunctionProcess::Finish(InvokeOutcome::Kind kind, std::string payload, const Report& report) {
  Conclude(kind, std::move(payload), report);
  Deliver();
}

void FunctionProcess::LogReport(const Report& report) {
  const double duration = Milliseconds(Steady::now() - invocation_->start);
  std::string line = "REPORT RequestId: " + invocation_->request.request_id +
                     "\tDuration: " + Fixed(duration) +
                     " ms\tBilled Duration: " + std::to_string(std::llround(std::ceil(duration))) +
                     " ms\tMemory Size: " + std::to_string(function_->memory_mb) + " MB\t";
  if (const std::uint64_t memory_mb = MemoryUsed(); memory_mb != 0) {
    line += "Max Memory Used: " + std::to_string(memory_mb) + " MB\t";
  }
  if (init_time_.has_value()) {
    line += "Init Duration: " + Fixed(Milliseconds(*init_time_)) + " ms\t";
    init_time_.reset();
  }
  if (!report.status.empty()) {
    line.append("Status: ").append(report.status);
  }
  if (!report.error_type.empty()) {
    line.append("\tError Type: ").append(report.error_type);
  }
  log_.Line(line);
}

void FunctionProcess::Retire() {
  retiring_ = true;
  if (!busy() && api_.ready()) {
    End();
  }
}

void FunctionProcess::Stop(std::string_view why) {
  if (invocation_.has_value()) {
    Finish(InvokeOutcome::Kind::kUnavailable, std::string(why), {});
  }
  End();
}

void FunctionProcess::Detach() {
  if (invocation_.has_value()) {
    Fail(kExitError, ExitMessage({}));
  }
  End();
}

void FunctionProcess::End() {
  Deliver();
  if (!std::exchange(ending_, true)) {
    timer_use_++;
    timer_.cancel();
    // Not before the answer to the request that may have led here.
    asio::post(shared_.context, [server = server_] { server->Close(); });
  }
  if (program_ != nullptr) {
    program_->Stop();
  } else if (!preparing_) {
    Gone();
  }
}

void FunctionProcess::Gone() {
  if (std::exchange(gone_, true)) {
    return;
  }
  if (!is_attached()) {
    // The code's folder may go here, too.
    asio::post(shared_.starter,
               [folder = shared_.options.folder / id_, code = std::move(code_)]() mutable {
                 const MemoryReserve::MustNotFail task;
                 RemoveFolder(folder);
                 code.reset();
               });
  }
  // Not while this object's functions run.
  asio::post(shared_.context, [self = shared_from_this()] { self->owner_.OnGone(*self); });
}

void FunctionProcess::SetTimer(Steady::duration time, void (FunctionProcess::*expired)()) {
  const std::uint64_t use = ++timer_use_;
  timer_.expires_after(time);
  timer_.async_wait(
      [weak = weak_from_this(), use, expired](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!error && self != nullptr && self->timer_use_ == use) {
          (self.get()->*expired)();
        }
      });
}

}  // namespace weir::runtimes
