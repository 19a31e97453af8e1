// SPDX-License-Identifier: Apache-2.0
#include "runtimes/keeper_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <string_view>
#include <utility>

namespace weir::runtimes {
namespace {

using std::chrono::steady_clock;

// The two ends of a pipe or of a pair of sockets.
struct Ends {
  FileDescriptor ours;
  FileDescriptor theirs;
};

Ends Own(int ours, int theirs) {
  fcntl(ours, F_SETFD, FD_CLOEXEC);
  fcntl(theirs, F_SETFD, FD_CLOEXEC);
  return {.ours = FileDescriptor(ours), .theirs = FileDescriptor(theirs)};
}

Result<Ends, int> MakePipe() {
  std::array<int, 2> files{};
  if (pipe(files.data()) != 0) {
    return errno;
  }
  return Own(files[0], files[1]);
}

Result<Ends, int> MakeSockets() {
  std::array<int, 2> files{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, files.data()) != 0) {
    return errno;
  }
  return Own(files[0], files[1]);
}

// posix_spawn's two descriptions of the new process.
class SpawnRules {
 public:
  SpawnRules() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // A group of its own: a terminal's Ctrl-C is for Weir, which then ends what it has started.
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnRules() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnRules(const SpawnRules&) = delete;
  SpawnRules& operator=(const SpawnRules&) = delete;

  void Open(int as, const FileDescriptor& file) {
    posix_spawn_file_actions_adddup2(&actions_, file.get(), as);
  }
  // Returns 0 or an errno.
  int Spawn(const std::vector<std::string>& command, pid_t& id) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));  // it is not changed
    }
    arguments.push_back(nullptr);
    char* const no_variables = nullptr;
    return posix_spawn(&id, arguments.front(), &actions_, &attributes_, arguments.data(),
                       &no_variables);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Waits until `file` can be read; false at the deadline.
bool AwaitInput(int file, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now());
    pollfd polled{.fd = file, .events = POLLIN, .revents = 0};
    const int ready = left.count() <= 0 ? 0 : poll(&polled, 1, static_cast<int>(left.count()));
    if (ready >= 0 || errno != EINTR) {
      return ready > 0;
    }
  }
}

// Reads to the end of `file`, keeping the first bytes; false at the deadline.
bool ReadToEnd(int file, steady_clock::time_point deadline, std::string& text) {
  constexpr std::size_t kKept = 4096;
  std::array<char, 1024> bytes{};
  while (AwaitInput(file, deadline)) {
    const ssize_t count = read(file, bytes.data(), bytes.size());
    if (count <= 0) {
      return count == 0;
    }
    const std::string_view part(bytes.data(), static_cast<std::size_t>(count));
    text += part.substr(0, kKept - std::min(kKept, text.size()));
  }
  return false;
}

}  // namespace

Result<KeeperProcess, int> StartKeeper(const std::vector<std::string>& command) {
  WEIR_ASSIGN_OR_RETURN(Ends control, MakeSockets());
  WEIR_ASSIGN_OR_RETURN(Ends output, MakePipe());
  WEIR_ASSIGN_OR_RETURN(Ends errors, MakePipe());
  SpawnRules rules;
  rules.Open(STDIN_FILENO, control.theirs);
  rules.Open(STDOUT_FILENO, output.theirs);
  rules.Open(STDERR_FILENO, errors.theirs);
  KeeperProcess keeper{.id = -1,
                       .control = std::move(control.ours),
                       .output = std::move(output.ours),
                       .errors = std::move(errors.ours)};
  if (const int error = rules.Spawn(command, keeper.id); error != 0) {
    return error;
  }
  return keeper;
}

std::optional<std::string> RunToEnd(const std::vector<std::string>& command,
                                    const KeeperOrder& order, std::chrono::milliseconds limit) {
  Result<KeeperProcess, int> started = StartKeeper(command);
  if (!started.ok()) {
    return std::nullopt;
  }
  const steady_clock::time_point deadline = steady_clock::now() + limit;
  KeeperProcess& keeper = started.value();
  std::string text;
  std::string end;
  const std::string message = EncodeOrder(order);
  bool done = false;
  {
    // Asio's socket raises no SIGPIPE. Closing it ends the program.
    boost::asio::io_context context;
    boost::asio::local::stream_protocol::socket control(context);
    boost::system::error_code error;
    control.assign(boost::asio::local::stream_protocol(), keeper.control.Release(), error);
    boost::asio::write(control, boost::asio::buffer(message), error);
    done = !error && ReadToEnd(keeper.output.get(), deadline, text) &&
           ReadToEnd(control.native_handle(), deadline, end);
  }
  keeper.errors = FileDescriptor();
  while (waitpid(keeper.id, nullptr, 0) < 0 && errno == EINTR) {
  }
  const bool good = done && end.find("exited 0\n") != std::string::npos;
  return good ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace weir::runtimes
