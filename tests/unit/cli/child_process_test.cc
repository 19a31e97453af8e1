// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <string>
#include <thread>

namespace weir::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLong{60'000};

std::string EndOf(ChildProcess& child) {
  REQUIRE(child.is_running());
  for (;;) {
    if (const auto end = child.TakeEnd()) {
      CHECK_FALSE(child.is_running());
      return DescribeEnd(*end);
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
}

std::vector<std::string> Shell(const std::string& script) {
  return {"sh", "-c", script};
}

TEST_CASE("A command ends in its own way", "[cli][child]") {
  ChildProcess child;
  CHECK_FALSE(child.TakeEnd().has_value());
  CHECK(child.Start(Shell("exit 3"), {}) == 0);
  CHECK(EndOf(child) == "exited with status 3");
  CHECK(child.Start(Shell("kill -9 $$"), {}) == 0);
  CHECK(EndOf(child) == "was ended by signal 9");
  CHECK_FALSE(child.TakeEnd().has_value());
}

TEST_CASE("A command gets this environment with others in place", "[cli][child]") {
  ChildProcess child;
  CHECK(child.Start(Shell(R"([ "$WEIR_TEST" = 'a=b' ] && [ "$HOME" = here ] && [ -n "$PATH" ])"),
                    {{"WEIR_TEST", "a=b"}, {"HOME", "here"}}) == 0);
  CHECK(EndOf(child) == "exited with status 0");
}

TEST_CASE("A command that is not there does not start", "[cli][child]") {
  ChildProcess child;
  CHECK(child.Start({"weir-no-such-command"}, {}) == ENOENT);
  CHECK_FALSE(child.is_running());
  child.Send(SIGTERM);  // to nobody
  child.Stop(kLong);
}

TEST_CASE("A command is stopped by SIGTERM, and else by SIGKILL", "[cli][child]") {
  ChildProcess child;
  CHECK(child.Start({"sleep", "60"}, {}) == 0);
  child.Stop(kLong);
  CHECK_FALSE(child.is_running());
  // One that ignores SIGTERM.
  CHECK(child.Start({"env", "--ignore-signal=TERM", "sleep", "60"}, {}) == 0);
  child.Stop(milliseconds(0));
  CHECK_FALSE(child.is_running());
}

TEST_CASE("A command ends with its keeper", "[cli][child]") {
  ChildProcess child;
  CHECK(child.Start(Shell("kill -9 $PPID; sleep 60"), {}) == 0);
  CHECK(EndOf(child) == "was ended with its keeper");
}

TEST_CASE("A command that is killed with this process takes what it has started along",
          "[cli][child]") {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t process = fork();
  if (process == 0) {
    // Only the command, what it has started and their keeper have the pipe open.
    dup2(ends[1], STDOUT_FILENO);
    close(ends[1]);
    ChildProcess child;
    child.Start(Shell("(setsid sleep 600 || sleep 600) & echo started; exec sleep 600"), {});
    for (;;) {
      pause();
    }
  }
  close(ends[1]);
  std::string text;
  const auto read_more = [&] {
    pollfd polled{.fd = ends[0], .events = POLLIN, .revents = 0};
    REQUIRE(poll(&polled, 1, static_cast<int>(kLong.count())) == 1);
    char c = 0;
    const bool more = read(ends[0], &c, 1) == 1;
    text.append(more ? 1 : 0, c);
    return more;
  };
  while (text != "started\n") {
    REQUIRE(read_more());
  }
  kill(process, SIGKILL);
  CHECK(waitpid(process, nullptr, 0) == process);
  CHECK_FALSE(read_more());
  close(ends[0]);
}

TEST_CASE("A command takes signals that this process holds back", "[cli][child]") {
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, &before);
  ChildProcess child;
  CHECK(child.Start({"sleep", "60"}, {}) == 0);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  child.Send(SIGTERM);
  CHECK(EndOf(child) == "was ended by signal 15");
}

}  // namespace
}  // namespace weir::cli
