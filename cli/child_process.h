// SPDX-License-Identifier: Apache-2.0
// ChildProcess: a command that runs beside this process, with its terminal and its standard
// streams. A keeper (runtimes/keeper.h) is between them, so that the command, and what it has
// started, end with this process, however that ends.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtimes/keeper.h"

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
  // Returns 0, or the errno that says why it could not be started. To be called in a process with
  // one thread.
  int Start(const std::vector<std::string>& command,
            const std::map<std::string, std::string>& environment);
  [[nodiscard]] bool is_running() const { return keeper_ != 0; }
  // How the command has ended, once; nullopt while it runs, and if none does. What it had started
  // is gone, too, then.
  std::optional<runtimes::ProgramEnd> TakeEnd();
  // Sends a signal to the command, if it runs.
  void Send(int signal);
  // Has the command end by SIGTERM, and after `patience` by SIGKILL, and waits for it.
  void Stop(std::chrono::milliseconds patience);

 private:
  // Reads some of what the keeper writes.
  boost::system::error_code Read();
  // Lets go of the keeper, which ends the command if it runs, and waits for it.
  void Forget();

  pid_t keeper_ = 0;  // 0: no command runs
  // Asio's socket raises no SIGPIPE.
  boost::asio::io_context context_;
  boost::asio::local::stream_protocol::socket control_{context_};
  std::string lines_;  // read from it, but for whole lines
  runtimes::KeptState state_;
};

// "exited with status 1" or "was ended by signal 9".
std::string DescribeEnd(const runtimes::ProgramEnd& end);

}  // namespace weir::cli
