// SPDX-License-Identifier: Apache-2.0
// A ProcessHost with a function whose code is tests/unit/runtimes/function_main.cc.
//
// The function's handler is "app.handler", or has it fail before its first invocation: "init exit",
// "init error", "init sleep". A payload is a JSON string, the command that the function carries
// out:
//
//   error, exit N, abort, sleep, memory (fills 320 MB), threads (starts 1,100), respond and exit
//   orphan              answers the id of a process that outlives its parent
//   orphan and sleep    prints that id, and does not answer
//   orphan and no keeper   the same, and kills its parent
//   memory later        answers the id of such a process, which fills 320 MB
//   pid, folder, files, env NAME, header NAME
//                       answer the process's id, its folder, the first free file number, a variable,
//                       a header of the invocation
//   large               answers one byte too many, and prints what it got for that
//   wrong id            answers for another invocation first, and returns what it got for that
//   late error          answers in parts, and reports an error after them
//   print               prints lines
//
// It returns any other payload as it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/mutex.h"
#include "runtimes/process_host.h"
#include "runtimes/work_folder.h"

namespace weir::runtimes::testing {

// Longer than anything here takes, on a machine that is busy.
constexpr std::chrono::seconds kPatience{60};

// Waits until `is_so` returns true; false if it does not within kPatience.
bool Eventually(const std::function<bool()>& is_so);

// Whether there is a process with that id that has not ended.
bool IsAlive(int process);

class Log final : public LogSink {
 public:
  void Append(std::string_view group, std::string_view stream, Micros time,
              std::string_view message) override;
  [[nodiscard]] std::vector<std::string> Lines() const;
  // The names of groups and streams, as "group stream", in the order of their first lines.
  [[nodiscard]] std::vector<std::string> Streams() const;

 private:
  mutable Mutex mutex_;
  std::vector<std::string> lines_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::string> streams_ WEIR_GUARDED_BY(mutex_);
};

struct HostFixture {
  explicit HostFixture(const std::function<void(ProcessHostOptions&)>& change = nullptr);

  // A version of the function, with placement kProcess.
  [[nodiscard]] std::shared_ptr<FunctionSpec> Function() const;
  std::future<InvokeOutcome> Start(FunctionSpecPtr spec, std::string_view payload) const;
  [[nodiscard]] InvokeOutcome Invoke(FunctionSpecPtr spec, std::string_view payload) const;
  // Invokes with a command.
  [[nodiscard]] InvokeOutcome Do(const std::string& command) const {
    return Invoke(function, "\"" + command + "\"");
  }
  std::future<InvokeOutcome> StartDoing(const std::string& command) const {
    return Start(function, "\"" + command + "\"");
  }

  ManualClock clock{std::chrono::seconds(1'796'126'400)};  // 2026-12-01T12:00:00
  Log log;
  std::unique_ptr<WorkFolder> folder;
  std::filesystem::path code;
  std::unique_ptr<ProcessHost> host;
  std::shared_ptr<FunctionSpec> function;
};

constexpr std::string_view kRequestId = "8a1f1c6e-0000-4000-8000-000000000001";

// Waits for an outcome.
InvokeOutcome Await(std::future<InvokeOutcome> outcome);

}  // namespace weir::runtimes::testing
