// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtimes/process_host.h"
#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using testing::Await;
using testing::Eventually;
using testing::HostFixture;
using Kind = InvokeOutcome::Kind;

std::shared_ptr<FunctionSpec> Attached(const HostFixture& fixture) {
  auto function = fixture.Function();
  function->placement = Placement::kAttached;
  function->code = nullptr;
  return function;
}

// A process that somebody else has started; ends with its object.
class Process {
 public:
  explicit Process(const Attachment& attachment) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : attachment.environment) {
      variables.push_back(name + "=" + value);
    }
    std::vector<char*> environment;
    for (std::string& variable : variables) {
      environment.push_back(variable.data());
    }
    environment.push_back(nullptr);
    std::string program = FUNCTION_FOR_TEST;
    char* arguments[] = {program.data(), nullptr};
    REQUIRE(posix_spawn(&id_, program.c_str(), nullptr, nullptr, arguments, environment.data()) ==
            0);
  }
  ~Process() {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  [[nodiscard]] pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
};

TEST_CASE("An attached process runs the function of its name", "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  CHECK(attachment.value().environment.at("AWS_LAMBDA_RUNTIME_API") ==
        attachment.value().runtime_api);
  const Process process(attachment.value());
  // Comes before the process has asked for it.
  CHECK(fixture.Invoke(function, R"("pid")").payload == std::to_string(process.id()));
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].find("Memory Size: 128 MB\t") + 20 == lines[2].size());  // no memory is known
  CHECK(fixture.host->Counts().at("orders").all == 1);

  CHECK(fixture.host->Detach(attachment.value().id));
  CHECK_FALSE(fixture.host->Detach(attachment.value().id));
  CHECK(fixture.Invoke(function, "1").kind == Kind::kUnavailable);
}

TEST_CASE("Without an attached process an invocation says how to start one", "[runtimes][Attach]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Invoke(Attached(fixture), "1");
  CHECK(outcome.kind == Kind::kUnavailable);
  CHECK(outcome.payload ==
        "No process runs the function orders. Start one by: weir lambda run orders -- command");
}

TEST_CASE("One invocation at a time runs in each attached process, and others wait their turn",
          "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  const Process process(attachment.value());
  std::future<InvokeOutcome> sleeping = fixture.Start(function, R"("sleep")");
  std::future<InvokeOutcome> waiting = fixture.Start(function, R"("pid")");

  // Takes what waits already.
  auto second = fixture.host->Attach(function);
  REQUIRE(second.ok());
  const Process other(second.value());
  CHECK(Await(std::move(waiting)).payload == std::to_string(other.id()));
  std::vector<std::future<InvokeOutcome>> more;
  for (const char* payload : {"1", "2", "3"}) {
    more.push_back(fixture.Start(function, payload));
  }
  CHECK(Await(std::move(more[0])).payload == "1");
  CHECK(Await(std::move(more[1])).payload == "2");
  CHECK(Await(std::move(more[2])).payload == "3");

  CHECK(fixture.host->Detach(attachment.value().id));
  const InvokeOutcome outcome = Await(std::move(sleeping));
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Runtime exited without providing a reason") != std::string::npos);
}

TEST_CASE("So many invocations wait for an attached process, and end with it",
          "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  std::future<InvokeOutcome> first = fixture.Start(function, "1");
  std::vector<std::future<InvokeOutcome>> waiting;
  for (std::size_t i = 0; i < ProcessHost::kMostWaiting; ++i) {
    waiting.push_back(fixture.Start(function, "2"));
  }
  CHECK(fixture.Invoke(function, "3").kind == Kind::kThrottled);

  const bool by_stop = GENERATE(false, true);
  if (by_stop) {
    fixture.host->Stop();
    CHECK(Await(std::move(first)).kind == Kind::kUnavailable);
  } else {
    CHECK(fixture.host->Detach(attachment.value().id));
    CHECK(Await(std::move(first)).kind == Kind::kFunctionError);
  }
  for (std::future<InvokeOutcome>& one : waiting) {
    const InvokeOutcome outcome = Await(std::move(one));
    CHECK(outcome.kind == Kind::kUnavailable);
    CHECK(outcome.payload.find(by_stop ? "The server ends" : "No process runs the function") == 0);
  }
}

TEST_CASE("The time of an invocation that waits for an attached process begins with its start",
          "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  function->timeout_s = 1;
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  std::optional<Process> process(std::in_place, attachment.value());
  std::future<InvokeOutcome> sleeping = fixture.Start(function, R"("sleep")");
  std::future<InvokeOutcome> waiting = fixture.Start(function, "1");
  CHECK(Await(std::move(sleeping)).payload.find("Task timed out after 1.00 seconds") !=
        std::string::npos);
  process.emplace(attachment.value());  // the first one still sleeps
  CHECK(Await(std::move(waiting)).payload == "1");
}

TEST_CASE("The invocation of a process that was restarted has failed", "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  std::future<InvokeOutcome> started;
  {
    const Process first(attachment.value());
    CHECK(fixture.Invoke(function, "1").payload == "1");
    started = fixture.Start(function, R"("exit 1")");
    siginfo_t info{};
    CHECK(waitid(P_PID, static_cast<id_t>(first.id()), &info, WEXITED | WNOWAIT) == 0);
  }
  const Process second(attachment.value());
  const InvokeOutcome outcome = Await(std::move(started));
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Runtime.ExitError") != std::string::npos);
  CHECK(fixture.Invoke(function, R"("pid")").payload == std::to_string(second.id()));
}

TEST_CASE("Nothing is attached once the host has ended", "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  fixture.host->Stop();
  CHECK_FALSE(fixture.host->Detach(attachment.value().id));
  CHECK_FALSE(fixture.host->Attach(function).ok());
}

}  // namespace
}  // namespace weir::runtimes
