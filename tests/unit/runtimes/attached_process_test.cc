// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <future>
#include <memory>
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

TEST_CASE("One invocation at a time runs in each attached process", "[runtimes][Attach]") {
  const HostFixture fixture;
  const auto function = Attached(fixture);
  auto attachment = fixture.host->Attach(function);
  REQUIRE(attachment.ok());
  const Process process(attachment.value());
  std::future<InvokeOutcome> sleeping = fixture.Start(function, R"("sleep")");
  CHECK(fixture.Invoke(function, "1").kind == Kind::kThrottled);

  auto second = fixture.host->Attach(function);
  REQUIRE(second.ok());
  const Process other(second.value());
  CHECK(fixture.Invoke(function, R"("pid")").payload == std::to_string(other.id()));

  CHECK(fixture.host->Detach(attachment.value().id));
  const InvokeOutcome outcome = Await(std::move(sleeping));
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Runtime exited without providing a reason") != std::string::npos);
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
