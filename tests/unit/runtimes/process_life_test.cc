// SPDX-License-Identifier: Apache-2.0
// How many processes there are, and when they end.
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <future>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "runtimes/process_host.h"
#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using testing::Await;
using testing::Eventually;
using testing::HostFixture;
using testing::IsAlive;
using Kind = InvokeOutcome::Kind;

TEST_CASE("Invocations at the same time run in a process each", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  std::array<std::future<InvokeOutcome>, 8> started;
  for (auto& outcome : started) {
    outcome = fixture.StartDoing("pid");
  }
  std::set<std::string> ids;
  for (auto& outcome : started) {
    const InvokeOutcome done = Await(std::move(outcome));
    CHECK(done.kind == Kind::kReturned);
    ids.insert(done.payload);
  }
  CHECK(ids.size() == 8);
  CHECK(fixture.host->Counts().at("orders").all == 8);
  CHECK(fixture.log.Streams().size() == 8);
}

TEST_CASE("Beyond the most processes, invocations are throttled unless one is idle",
          "[runtimes][ProcessHost]") {
  const HostFixture fixture([](ProcessHostOptions& options) { options.max_processes = 1; });
  const auto other = fixture.Function();
  other->name = "other";
  const int process = std::stoi(fixture.Do("pid").payload);
  CHECK(fixture.Invoke(other, "1").kind == Kind::kReturned);
  CHECK(Eventually([&] { return !IsAlive(process); }));
  other->revision = "2";
  std::future<InvokeOutcome> sleeping = fixture.Start(other, R"("sleep")");
  CHECK(fixture.Do("pid").kind == Kind::kThrottled);
  fixture.host->Stop();
  const InvokeOutcome ended = Await(std::move(sleeping));
  CHECK(ended.kind == Kind::kUnavailable);
}

TEST_CASE("Invocations one after the other run in one process", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const std::string process = fixture.Do("pid").payload;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(fixture.Do("pid").payload == process);
  }
}

TEST_CASE("A retired function's process ends after its invocation", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const int idle = std::stoi(fixture.Do("pid").payload);
  fixture.host->Retire("another");
  CHECK(IsAlive(idle));
  std::future<InvokeOutcome> started = fixture.StartDoing("pid");
  fixture.host->Retire("orders");
  const InvokeOutcome outcome = Await(std::move(started));
  CHECK(outcome.kind == Kind::kReturned);
  CHECK(Eventually([&] { return !IsAlive(std::stoi(outcome.payload)); }));
  CHECK(Eventually([&] { return fixture.host->Counts().empty(); }));
}

TEST_CASE("Another revision of a function gets a process of its own", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const std::string first = fixture.Do("pid").payload;
  const auto changed = fixture.Function();
  changed->revision = "2";
  CHECK(fixture.Invoke(changed, R"("pid")").payload != first);
  CHECK(Eventually([&] { return !IsAlive(std::stoi(first)); }));
}

TEST_CASE("An idle process ends in time", "[runtimes][ProcessHost]") {
  const HostFixture fixture(
      [](ProcessHostOptions& options) { options.idle_life = std::chrono::milliseconds(1); });
  const int process = std::stoi(fixture.Do("pid").payload);
  CHECK(Eventually([&] { return !IsAlive(process); }));
  CHECK(Eventually([&] { return fixture.host->Counts().empty(); }));
}

TEST_CASE("A process that ends between invocations is replaced", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  CHECK(fixture.Do("respond and exit").payload == "1");
  CHECK(Eventually([&] { return fixture.host->Counts().empty(); }));
  CHECK(fixture.Do("pid").kind == Kind::kReturned);
}

TEST_CASE("What a function has started ends with its process", "[runtimes][ProcessHost]") {
  HostFixture fixture;
  const int orphan = std::stoi(fixture.Do("orphan").payload);
  CHECK(IsAlive(orphan));
  CHECK(fixture.Do("exit 0").kind == Kind::kFunctionError);
  CHECK(Eventually([&] { return !IsAlive(orphan); }));
}

TEST_CASE("What a function has started ends although the function kills its keeper",
          "[runtimes][ProcessHost]") {
  HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("orphan and no keeper");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Runtime exited without providing a reason") != std::string::npos);
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() > 2);
  CHECK_FALSE(IsAlive(std::stoi(lines[2])));
}

// Of this process; 0 where there is no /proc.
std::ptrdiff_t OpenFiles() {
  std::error_code error;
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd", error), {});
}

TEST_CASE("Processes leave neither files nor zombies behind", "[runtimes][ProcessHost]") {
  const std::ptrdiff_t before = OpenFiles();
  {
    const HostFixture fixture;
    CHECK(fixture.Do("exit 0").kind == Kind::kFunctionError);
    CHECK(fixture.Do("orphan").kind == Kind::kReturned);
    const auto changed = fixture.Function();
    changed->handler = "init error";
    changed->revision = "2";
    CHECK(fixture.Invoke(changed, "1").kind == Kind::kFunctionError);
  }
  CHECK(OpenFiles() == before);
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("The host's end is that of its processes", "[runtimes][ProcessHost]") {
  HostFixture fixture;
  const int orphan = std::stoi(fixture.Do("orphan").payload);
  std::future<InvokeOutcome> started = fixture.StartDoing("sleep");
  REQUIRE(Eventually([&] { return fixture.host->Counts().at("orders").busy == 1; }));
  fixture.host->Stop();
  CHECK_FALSE(IsAlive(orphan));
  const InvokeOutcome outcome = Await(std::move(started));
  CHECK(outcome.kind == Kind::kUnavailable);
  CHECK(outcome.payload == "The server ends");
  CHECK(fixture.Do("pid").kind == Kind::kUnavailable);
  // Only the code is left.
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(fixture.folder->path())) {
    left.push_back(entry.path().filename());
  }
  std::sort(left.begin(), left.end());
  CHECK(left == std::vector<std::string>{"code", "lock"});
}

}  // namespace
}  // namespace weir::runtimes
