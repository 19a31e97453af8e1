// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <thread>
#include <utility>

#include "cli/settings.h"

namespace weir::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kPause{20};

// What posix_spawnp takes; the texts must outlive it.
std::vector<char*> PointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

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
  std::vector<std::string> arguments = command;
  Environment variables = With(environment);
  posix_spawnattr_t attributes;
  if (const int error = posix_spawnattr_init(&attributes); error != 0) {
    return error;
  }
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawnp(&process_, arguments.front().c_str(), nullptr, &attributes,
                                 PointersTo(arguments).data(), PointersTo(variables).data());
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    process_ = 0;
  }
  return error;
}

std::optional<int> ChildProcess::TakeEnd() {
  int status = 0;
  if (process_ == 0 || waitpid(process_, &status, WNOHANG) != process_) {
    return std::nullopt;
  }
  process_ = 0;
  return status;
}

void ChildProcess::Send(int signal) const {
  if (process_ != 0) {
    kill(process_, signal);
  }
}

void ChildProcess::Stop(std::chrono::milliseconds patience) {
  if (process_ == 0) {
    return;
  }
  Send(SIGTERM);
  for (const auto deadline = Clock::now() + patience; Clock::now() < deadline;) {
    if (TakeEnd().has_value()) {
      return;
    }
    std::this_thread::sleep_for(kPause);
  }
  Send(SIGKILL);
  while (waitpid(process_, nullptr, 0) == -1 && errno == EINTR) {
  }
  process_ = 0;
}

std::string DescribeEnd(int status) {
  return WIFSIGNALED(status) ? "was ended by signal " + std::to_string(WTERMSIG(status))
                             : "exited with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace weir::cli
