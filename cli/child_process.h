// SPDX-License-Identifier: Apache-2.0
// ChildProcess: a command that runs beside this process, with its terminal and its standard
// streams.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

// Ends the command, if it still runs, with the object. Not thread-safe.
class ChildProcess {
 public:
  ChildProcess() = default;
  ~ChildProcess() { Stop(std::chrono::milliseconds(0)); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Starts a command, looked for in PATH, whose environment is that of this process with
  // `environment` in place of variables of those names; it takes all signals. None must run.
  // Returns 0, or the errno that says why it could not be started.
  int Start(const std::vector<std::string>& command,
            const std::map<std::string, std::string>& environment);
  [[nodiscard]] bool is_running() const { return process_ != 0; }
  // How the command has ended, as waitpid tells, once; nullopt while it runs, and if none does.
  std::optional<int> TakeEnd();
  // Sends a signal to the command, if it runs.
  void Send(int signal) const;
  // Has the command end by SIGTERM, and after `patience` by SIGKILL, and waits for it.
  void Stop(std::chrono::milliseconds patience);

 private:
  pid_t process_ = 0;  // 0: none runs
};

// "exited with status 1" or "was ended by signal 9".
std::string DescribeEnd(int status);

}  // namespace weir::cli
