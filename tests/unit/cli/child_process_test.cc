// SPDX-License-Identifier: Apache-2.0
#include "cli/child_process.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

namespace weir::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLong{60'000};

std::string EndOf(ChildProcess& child) {
  for (;;) {
    if (const std::optional<int> end = child.TakeEnd()) {
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
