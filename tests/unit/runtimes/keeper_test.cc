// SPDX-License-Identifier: Apache-2.0
#include "runtimes/keeper.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "runtimes/keeper_process.h"
#include "runtimes/work_folder.h"
#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using std::chrono::seconds;

std::optional<std::string> Shell(const std::string& script, const std::string& folder = "/") {
  return RunToEnd({KEEPER_FOR_TEST},
                  {.folder = folder,
                   .arguments = {"/bin/sh", "-c", script},
                   .environment = {"PATH=/usr/bin:/bin", "GREETING=hello"}},
                  testing::kPatience);
}

TEST_CASE("A keeper starts a program as it is told to", "[runtimes][Keeper]") {
  CHECK(Shell("echo \"$GREETING\"") == "hello\n");
  CHECK(Shell("pwd", "/usr") == "/usr\n");
  CHECK(Shell("cat; echo end") == "end\n");  // nothing on standard input
  CHECK(Shell("exit 1") == std::nullopt);
  CHECK(Shell("kill -9 $$") == std::nullopt);
  CHECK(Shell("pwd", "/nowhere") == std::nullopt);
}

TEST_CASE("A keeper gives its program no other files", "[runtimes][Keeper]") {
  // Where there is /proc.
  CHECK(Shell("for f in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$f ] && echo $f; done; echo end") ==
        "end\n");
}

TEST_CASE("A program that takes too long is ended", "[runtimes][Keeper]") {
  CHECK(RunToEnd({KEEPER_FOR_TEST},
                 {.folder = "/", .arguments = {"/bin/sleep", "1000"}, .environment = {}},
                 std::chrono::milliseconds(10)) == std::nullopt);
}

TEST_CASE("A keeper that is told nothing ends", "[runtimes][Keeper]") {
  auto keeper = StartKeeper({KEEPER_FOR_TEST});
  REQUIRE(keeper.ok());
  keeper.value().control = FileDescriptor();
  int status = 0;
  CHECK(waitpid(keeper.value().id, &status, 0) == keeper.value().id);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 1);
}

TEST_CASE("A keeper ends what its program has left behind", "[runtimes][Keeper]") {
  // In a session of its own where there is a program for that.
  const std::string text =
      Shell("sleep 1000 & echo $!; (setsid sleep 1000 || sleep 1000) >/dev/null 2>&1 & echo $!")
          .value_or("");
  REQUIRE(text.find('\n') != std::string::npos);
  CHECK_FALSE(testing::IsAlive(std::stoi(text)));
  CHECK_FALSE(testing::IsAlive(std::stoi(text.substr(text.find('\n')))));
}

// A process whose standard output the test reads.
struct Spawned {
  pid_t id = -1;
  FileDescriptor output;
};

Spawned Spawn(std::vector<std::string> command) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  std::vector<char*> arguments;
  for (std::string& argument : command) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  Spawned spawned{.id = -1, .output = FileDescriptor(ends[0])};
  REQUIRE(posix_spawn(&spawned.id, arguments.front(), &actions, nullptr, arguments.data(),
                      environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  return spawned;
}

std::string ReadLine(int file) {
  std::string line;
  for (char c = 0; read(file, &c, 1) == 1 && c != '\n';) {
    line += c;
  }
  return line;
}

TEST_CASE("The end of a killed server is that of its functions, and of its folder",
          "[runtimes][Keeper]") {
  auto parent = WorkFolder::Create(std::filesystem::temp_directory_path());
  REQUIRE(parent.ok());
  const std::filesystem::path folder = parent.value()->path();
  const Spawned host = Spawn({HOST_FOR_TEST, KEEPER_FOR_TEST, FUNCTION_FOR_TEST, folder});
  std::string line;
  do {
    line = ReadLine(host.output.get());
  } while (!line.empty() && std::isdigit(static_cast<unsigned char>(line[0])) == 0);
  REQUIRE_FALSE(line.empty());
  const int orphan = std::stoi(line);
  CHECK(testing::IsAlive(orphan));

  kill(host.id, SIGKILL);
  CHECK(waitpid(host.id, nullptr, 0) == host.id);
  CHECK(testing::Eventually([orphan] { return !testing::IsAlive(orphan); }));

  const auto count = [&] { return std::distance(std::filesystem::directory_iterator(folder), {}); };
  CHECK(count() == 2);  // the killed server's, and the lock
  {
    const auto next = WorkFolder::Create(folder);
    REQUIRE(next.ok());
    CHECK(count() == 2);
  }
  CHECK(count() == 1);
}

}  // namespace
}  // namespace weir::runtimes
