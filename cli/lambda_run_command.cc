// SPDX-License-Identifier: Apache-2.0
#include "cli/lambda_run_command.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/child_process.h"
#include "cli/watched_files.h"
#include "core/text.h"

namespace weir::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPause{100};
constexpr milliseconds kWatchPause{300};
// A third of the time after which the server gives up a process that it has not heard of.
constexpr milliseconds kRenewPause{5000};
// How long a command may take to end before it is killed.
constexpr milliseconds kPatience{5000};
// The wait before a command that has ended starts again. It doubles each time, and begins anew with
// a command that has run for the longest one.
constexpr milliseconds kFirstWait{200};
constexpr milliseconds kLongestWait{5000};
constexpr unsigned kNotFound = 404;

// SIGINT and SIGTERM, which wait to be taken while there is such an object.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~StopSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // The signal that has come; 0 if none has.
  [[nodiscard]] int Take() const {
    sigset_t pending;
    sigpending(&pending);
    int signal = 0;
    const bool came = sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
    return came && sigwait(&signals_, &signal) == 0 ? signal : 0;
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

void Say(const std::string& text) {
  std::fprintf(stderr, "weir: %s\n", Printable(text).c_str());
}

class LambdaRun {
 public:
  explicit LambdaRun(const LambdaRunCommand& command)
      : command_(command),
        path_("/_weir/functions/" + command.function + "/runtime"),
        files_(command.watched) {}

  int Run() {
    if (const std::string error = files_.Begin(); !error.empty()) {
      return FailCommand(error);
    }
    Attach();
    std::optional<int> code = error_.empty() ? std::nullopt : std::optional(FailCommand(error_));
    while (!code.has_value()) {
      code = RunOnce();
    }
    child_.Stop(kPatience);
    Detach();
    return *code;
  }

 private:
  // Runs the command until it is to be started again; returns the exit code if it is not.
  std::optional<int> RunOnce() {
    if (const int error = child_.Start(command_.command, environment_); error != 0) {
      return FailCommand("cannot run " + command_.command.front() + ": " +
                         std::generic_category().message(error));
    }
    const Clock::time_point started = Clock::now();
    std::string why;
    while (why.empty()) {
      if (const int signal = signals_.Take(); signal != 0) {
        return End(signal);
      }
      if (const auto end = child_.TakeEnd()) {
        return StartAgain(*end, Clock::now() - started);
      }
      if (const std::optional<std::string> changed = ChangedFile()) {
        why = *changed + " has changed";
      } else if (Clock::now() - renewed_ >= kRenewPause) {
        Renew();  // without an answer, this goes on until there is one
        why = id_.empty() ? "the server has given up this process" : "";
      }
      std::this_thread::sleep_for(kPause);
    }
    Say(why + "; the command starts again");
    child_.Stop(kPatience);
    wait_ = kFirstWait;
    return EnsureAttached();
  }

  // Passes a signal on to the command, and waits for its end.
  int End(int signal) {
    // What a terminal sends it sends to the command, too.
    const bool has_it = signal == SIGINT && tcgetpgrp(STDIN_FILENO) == getpgrp();
    if (!has_it) {
      child_.Send(signal);
    }
    for (const auto deadline = Clock::now() + kPatience;
         Clock::now() < deadline && child_.is_running() && !child_.TakeEnd().has_value();) {
      std::this_thread::sleep_for(kPause);
    }
    return 128 + signal;
  }

  std::optional<int> StartAgain(const runtimes::ProgramEnd& end, Clock::duration ran) {
    if (ran >= kLongestWait) {
      wait_ = kFirstWait;
    }
    Say("the command " + DescribeEnd(end) + "; it starts again in " +
        std::to_string(wait_.count()) + " ms");
    if (const std::optional<int> code = Sleep(wait_)) {
      return code;
    }
    wait_ = std::min(wait_ * 2, kLongestWait);
    return EnsureAttached();
  }

  // Waits until the server has the attachment, or another one if it has given that up. Returns the
  // exit code if a signal ends the wait, or if the server refuses.
  std::optional<int> EnsureAttached() {
    for (bool said = false;;) {
      if (!id_.empty()) {
        Renew();
      }
      if (id_.empty() && error_.empty()) {
        Attach();
      }
      if (error_.empty()) {
        return std::nullopt;
      }
      if (refused_) {
        return FailCommand(error_);
      }
      if (!std::exchange(said, true)) {
        Say(error_ + "; waiting");
      }
      if (const std::optional<int> code = Sleep(kWatchPause)) {
        return code;
      }
    }
  }

  // Returns the exit code if a signal ends the sleep.
  std::optional<int> Sleep(milliseconds span) {
    for (const auto deadline = Clock::now() + span; Clock::now() < deadline;) {
      if (const int signal = signals_.Take(); signal != 0) {
        return 128 + signal;
      }
      std::this_thread::sleep_for(std::min(kPause, span));
    }
    return std::nullopt;
  }

  std::optional<std::string> ChangedFile() {
    if (command_.watched.empty() || Clock::now() - looked_ < kWatchPause) {
      return std::nullopt;
    }
    std::optional<std::string> changed = files_.TakeChange();
    looked_ = Clock::now();
    return changed;
  }

  // Calls the server. error_ says why there is no answer.
  ControlReply Call(std::string_view method, const std::string& path) {
    ControlReply reply = CallControl(command_.target, {.method = method, .path = path});
    error_ = reply.error.empty() ? "" : "no answer: " + reply.error;
    refused_ = false;
    return reply;
  }

  // error_ says why there is no attachment.
  void Attach() {
    const ControlReply reply = Call("POST", path_);
    if (!error_.empty()) {
      return;
    }
    const Json answer = ObjectIn(reply);
    const std::string api = TextOf(answer, "runtimeApi");
    id_ = TextOf(answer, "id");
    if (reply.status != 200 || api.empty() || id_.empty()) {
      id_.clear();
      error_ = RefusalIn(reply, answer);
      refused_ = true;
      return;
    }
    environment_.clear();
    const auto given = answer.find("environment");
    if (given != answer.end() && given->is_object()) {
      for (const auto& [name, value] : given->items()) {
        environment_[name] = TextOf(*given, name.c_str());
      }
    }
    environment_["AWS_LAMBDA_RUNTIME_API"] = api;
    renewed_ = Clock::now();
  }

  // Tells the server that this process is still there. Forgets an attachment that it has given up.
  void Renew() {
    const ControlReply reply = Call("POST", path_ + "/" + id_);
    renewed_ = Clock::now();
    if (reply.status == kNotFound) {
      id_.clear();
    }
  }

  void Detach() {
    if (!id_.empty()) {
      Call("DELETE", path_ + "/" + id_);
    }
  }

  const LambdaRunCommand& command_;
  const std::string path_;
  const StopSignals signals_;
  WatchedFiles files_;
  ChildProcess child_;
  std::string id_;  // of the attachment; empty: there is none
  std::map<std::string, std::string> environment_;
  std::string error_;     // of the last call; empty if it was answered
  bool refused_ = false;  // the server has refused the last Attach
  Clock::time_point renewed_;
  Clock::time_point looked_;
  milliseconds wait_ = kFirstWait;
};

}  // namespace

int RunLambdaRunCommand(const LambdaRunCommand& command) {
  return LambdaRun(command).Run();
}

}  // namespace weir::cli
