// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/clock_command.h"
#include "cli/command_line.h"
#include "cli/data_command.h"
#include "cli/dlq_command.h"
#include "cli/healthcheck.h"
#include "cli/lambda_run_command.h"
#include "cli/logs_command.h"
#include "cli/reset_command.h"
#include "cli/shards_command.h"
#include "cli/tail_command.h"
#include "cli/triggers_command.h"
#include "cli/wiring.h"
#include "core/memory.h"
#include "core/memory_reserve.h"
#include "runtimes/keeper.h"
#include "server/log.h"
#include "server/server.h"

namespace {

using namespace weir::cli;
namespace server = weir::server;

// Opens those of the three standard streams that the caller has closed. A socket or a file of the
// data folder would get their numbers otherwise, and what is logged would be written there.
void OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) {
      open("/dev/null", O_RDWR);  // gets the lowest number that is free, which is this one
    }
  }
}

int Run(const ServeCommand& command) {
  std::fputs(command.notice.c_str(), stderr);
  weir::ConfigureMemory(command.server.threads,
                        command.max_memory == 0 ? std::nullopt : std::optional(command.max_memory));
  const weir::MemoryReserve::MustNotFail all;
  server::StartLog(command.server.log_level);
  int code = 1;
  {
    const std::unique_ptr<weir::protocol::RequestHandler> handler =
        MakeHandler(command.service, WEIR_VERSION);
    code = server::Serve(command.server, WEIR_VERSION, *handler);
  }
  server::EndLog();
  return code;
}

int Run(const HealthcheckCommand& command) {
  return Healthcheck(command);
}

int Run(const ClockCommand& command) {
  return RunClockCommand(command);
}

int Run(const ShardsCommand& command) {
  return RunShardsCommand(command);
}

int Run(const TailCommand& command) {
  return RunTailCommand(command);
}

int Run(const LambdaRunCommand& command) {
  return RunLambdaRunCommand(command);
}

int Run(const LogsCommand& command) {
  return RunLogsCommand(command);
}

int Run(const TriggersCommand& command) {
  return RunTriggersCommand(command);
}

int Run(const DlqCommand& command) {
  return RunDlqCommand(command);
}

int Run(const ResetCommand& command) {
  return RunResetCommand(command);
}

int Run(const DataCommand& command) {
  return RunDataCommand(command);
}

int Run(const ExitCommand& command) {
  std::fputs(command.out.c_str(), stdout);
  std::fputs(command.error.c_str(), stderr);
  return command.code;
}

}  // namespace

int main(int argc, char** argv) {
  OpenStandardStreams();
  // What Weir starts for each process of a function: not for people, and at once, without a look at
  // flags.
  if (argc == 2 && std::string_view(argv[1]) == "keep-function") {
    return weir::runtimes::RunKeeper();
  }
  // Asio and std::thread throw if the system has no file descriptors or threads left.
  try {
    return std::visit(
        [](const auto& command) { return Run(command); },
        ParseCommandLine(std::vector<std::string>(argv + 1, argv + argc), ProcessEnvironment()));
  } catch (const boost::system::system_error& error) {
    const bool files = error.code() == boost::system::errc::too_many_files_open;
    std::fprintf(stderr, "weir: cannot run: %s%s\n", error.what(),
                 files ? " (the limit is that of ulimit -n)" : "");
    return 1;
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "weir: cannot run: %s\n", exception.what());
    return 1;
  }
}
