// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <string_view>
#include <thread>
#include <utility>

#include "cli/settings.h"
#include "runtimes/file_descriptor.h"

namespace weir::cli {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using runtimes::FileDescriptor;
using runtimes::ProgramEnd;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPause{20};

Environment With(const std::map<std::string, std::string>& variables) {
  Environment environment = ProcessEnvironment();
  std::erase_if(environment, [&](const std::string& variable) {
    return variables.contains(variable.substr(0, variable.find('=')));
  });
  for (const auto& [name, value] : variables) {
    environment.push_back(std::string(name).append("=").append(value));
  }
  return environment;
}

}  // namespace

int ChildProcess::Start(const std::vector<std::string>& command,
                        const std::map<std::string, std::string>& environment) {
  runtimes::KeeperOrder order{.folder = {}, .arguments = command, .environment = With(environment)};
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) {
    return errno;
  }
  FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  fcntl(ours.get(), F_SETFD, FD_CLOEXEC);
  fcntl(theirs.get(), F_SETFD, FD_CLOEXEC);
  keeper_ = fork();
  if (keeper_ == 0) {
    ours = FileDescriptor();  // else its end would not be seen
    runtimes::KeepCommand(theirs.get(), std::move(order));
    _exit(0);
  }
  if (keeper_ < 0) {
    keeper_ = 0;
    return errno;
  }
  theirs = FileDescriptor();
  control_.assign(asio::local::stream_protocol(), ours.Release());
  lines_.clear();
  state_ = {};
  error_code error;
  while (!error && !state_.started && state_.end.kind != ProgramEnd::Kind::kNotStarted) {
    error = Read();
  }
  // A keeper that is killed at once may not have said that the command has started.
  const bool may_run = error && state_.process != 0;
  if (!state_.started && !may_run) {
    Forget();
    return error ? ECHILD : state_.end.number;
  }
  control_.non_blocking(true);
  return 0;
}

error_code ChildProcess::Read() {
  std::array<char, 128> part{};
  error_code error;
  lines_.append(part.data(), control_.read_some(asio::buffer(part), error));
  for (std::size_t end = 0; (end = lines_.find('\n')) != std::string::npos;) {
    state_.Read(std::string_view(lines_).substr(0, end));
    lines_.erase(0, end + 1);
  }
  return error;
}

std::optional<ProgramEnd> ChildProcess::TakeEnd() {
  if (keeper_ == 0) {
    return std::nullopt;
  }
  error_code error;
  while (!error) {
    error = Read();
  }
  if (error == asio::error::would_block) {
    return std::nullopt;
  }
  Forget();
  return state_.end;
}

void ChildProcess::Send(int signal) {
  if (keeper_ != 0) {
    const auto number = static_cast<unsigned char>(signal);
    error_code ignored;  // it has ended, then
    control_.write_some(asio::buffer(&number, sizeof number), ignored);
  }
}

void ChildProcess::Stop(std::chrono::milliseconds patience) {
  if (keeper_ == 0) {
    return;
  }
  Send(SIGTERM);
  for (const auto deadline = Clock::now() + patience; Clock::now() < deadline;) {
    if (TakeEnd().has_value()) {
      return;
    }
    std::this_thread::sleep_for(kPause);
  }
  Forget();
}

void ChildProcess::Forget() {
  error_code ignored;
  control_.close(ignored);
  while (waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
  }
  keeper_ = 0;
}

std::string DescribeEnd(const ProgramEnd& end) {
  switch (end.kind) {
    case ProgramEnd::Kind::kExited:
      return "exited with status " + std::to_string(end.number);
    case ProgramEnd::Kind::kSignaled:
      return "was ended by signal " + std::to_string(end.number);
    default:
      return "was ended with its keeper";
  }
}

}  // namespace weir::cli
