// SPDX-License-Identifier: Apache-2.0
// What an invocation gets: values, errors, and the log.
#include "runtimes/process_host.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "tests/unit/runtimes/folder_code.h"
#include "tests/unit/runtimes/host_fixture.h"

namespace weir::runtimes {
namespace {

using testing::Eventually;
using testing::HostFixture;
using Kind = InvokeOutcome::Kind;

// What is different each time as it is.
std::string Masked(const std::string& text) {
  return std::regex_replace(text, std::regex("[0-9]+(\\.[0-9]+)? (ms|MB)"), "N $2");
}

TEST_CASE("A function's result is returned as it is", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Invoke(fixture.function, R"({"a": [1, 2]})");
  CHECK(outcome.kind == Kind::kReturned);
  CHECK(outcome.payload == R"({"a": [1, 2]})");
}

TEST_CASE("A process is used again, and its log is AWS's", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome first = fixture.Do("pid");
  REQUIRE(first.kind == Kind::kReturned);
  CHECK(fixture.Do("print").payload == "null");
  const std::vector<std::string> lines = fixture.log.Lines();
  const std::string id(testing::kRequestId);
  const std::string start = "START RequestId: " + id + " Version: $LATEST";
  const std::string report = "REPORT RequestId: " + id +
                             "\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB\t"
                             "Max Memory Used: N MB\t";
  REQUIRE(lines.size() == 11);
  CHECK(lines[0] == "INIT_START Runtime Version: provided.al2023");
  CHECK(lines[1] == start);
  CHECK(lines[2] == "END RequestId: " + id);
  CHECK(Masked(lines[3]) == report + "Init Duration: N ms\t");
  CHECK(lines[4] == start);
  std::vector<std::string> printed(lines.begin() + 5, lines.begin() + 9);
  std::sort(printed.begin(), printed.end());  // output and errors come in any order
  CHECK(printed == std::vector<std::string>{"four", "one", "three", "two"});
  CHECK(lines[9] == "END RequestId: " + id);
  CHECK(Masked(lines[10]) == report);
  const std::vector<std::string> streams = fixture.log.Streams();
  REQUIRE(streams.size() == 1);
  CHECK(std::regex_match(streams[0],
                         std::regex(R"(/aws/lambda/orders 2026/12/01/\[\$LATEST\][0-9a-f]{32})")));
}

TEST_CASE("The tail of the log is that of the invocation", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  CHECK(fixture.Do("pid").payload != "");
  const std::string tail = fixture.Do("print").log_tail;
  CHECK(tail.find("START") == 0);
  CHECK(tail.find("\none\ntwo\n") != std::string::npos);
  CHECK(std::regex_search(tail, std::regex("\nREPORT RequestId: [^\n]*\n$")));
}

TEST_CASE("An error of the function is returned as it reports it", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("error");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == R"({"errorMessage":"no","errorType":"Oops"})");
  CHECK(fixture.Do("pid").kind == Kind::kReturned);
}

TEST_CASE("A response that fails on the way is an error", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("late error");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == R"({"errorType":"Late"})");
}

TEST_CASE("A process that exits fails its invocation with AWS's error", "[runtimes][ProcessHost]") {
  const std::string begin = R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" +
                            std::string(testing::kRequestId) + " Error: Runtime exited ";
  const auto [command, message] = GENERATE(table<std::string, std::string>({
      {"exit 0", "without providing a reason"},
      {"exit 1", "with error: exit status 1"},
      {"exit 127", "with error: exit status 127"},
      {"abort", "with error: signal: aborted"},
  }));
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do(command);
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == begin + message + "\"}");
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() == 6);
  CHECK(lines[2] ==
        "RequestId: " + std::string(testing::kRequestId) + " Error: Runtime exited " + message);
  CHECK(lines[3] == "Runtime.ExitError");
  CHECK(lines[5].find("\tStatus: error\tError Type: Runtime.ExitError") != std::string::npos);
  CHECK(lines[5].find(" MB\tMax Memory Used: ") != std::string::npos);
  CHECK(fixture.Do("pid").kind == Kind::kReturned);  // a new process
}

TEST_CASE("An invocation that takes too long is ended", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const auto function = fixture.Function();
  function->timeout_s = 1;
  const InvokeOutcome outcome = fixture.Invoke(function, R"("orphan and sleep")");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: )" +
                               std::string(testing::kRequestId) +
                               R"( Error: Task timed out after 1.00 seconds"})");
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() == 6);
  CHECK(lines[3] == "2026-12-01T12:00:00.000Z " + std::string(testing::kRequestId) +
                        " Task timed out after 1.00 seconds");
  CHECK(lines[5].find("\tStatus: timeout") != std::string::npos);
  const int orphan = std::stoi(lines[2]);
  CHECK(Eventually([orphan] { return !testing::IsAlive(orphan); }));
}

TEST_CASE("A process that takes more than its memory is ended", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("memory");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload == R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" +
                               std::string(testing::kRequestId) +
                               R"( Error: Runtime exited with error: signal: killed"})");
}

// Lines of the log, with numbers masked.
bool HasLine(const std::vector<std::string>& lines, const std::string& pattern) {
  return std::any_of(lines.begin(), lines.end(), [&pattern](const std::string& line) {
    return std::regex_match(line, std::regex(pattern));
  });
}

TEST_CASE("A function that takes too much memory between invocations is ended",
          "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("memory later");
  CHECK(outcome.kind == Kind::kReturned);
  CHECK(Eventually([&] { return fixture.host->Counts().empty(); }));
  CHECK_FALSE(testing::IsAlive(std::stoi(outcome.payload)));
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() == 7);
  CHECK(HasLine({lines[4]}, "Weir: the function takes [0-9]+ MB of memory, and may take 128 MB"));
  CHECK(lines[5] == "Error: Runtime exited with error: signal: killed");
  CHECK(lines[6] == "Runtime.ExitError");
}

TEST_CASE("A function that has too many threads is ended", "[runtimes][ProcessHost]") {
  HostFixture fixture;
  fixture.function->memory_mb = 10240;
  const InvokeOutcome outcome = fixture.Do("threads");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Runtime exited with error: signal: killed") != std::string::npos);
  CHECK(HasLine(fixture.log.Lines(),
                "Weir: the function has [0-9]+ processes and threads, and may have 1024"));
}

TEST_CASE("A response that is too large is an error, which the process survives",
          "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const InvokeOutcome outcome = fixture.Do("large");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload ==
        R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size )"
        R"(exceeded maximum allowed payload size (6291556 bytes)."})");
  CHECK(Eventually([&] {
    const std::vector<std::string> lines = fixture.log.Lines();
    return std::count(lines.begin(), lines.end(),
                      "413 {\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 "
                      "bytes).\",\"errorType\":\"RequestEntityTooLarge\"}") == 1;
  }));
  CHECK(fixture.Do("pid").kind == Kind::kReturned);
}

TEST_CASE("A result for another invocation is refused", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  CHECK(fixture.Do("wrong id").payload ==
        R"("400 {\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}")");
}

TEST_CASE("A process that cannot begin fails its first invocation", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const auto function = fixture.Function();
  SECTION("exits") {
    function->handler = "init exit";
    const InvokeOutcome outcome = fixture.Invoke(function, "1");
    CHECK(outcome.kind == Kind::kFunctionError);
    CHECK(outcome.payload == R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: )" +
                                 std::string(testing::kRequestId) +
                                 R"( Error: Runtime exited with error: exit status 3"})");
    CHECK(outcome.log_tail.find("cannot begin\n") != std::string::npos);
    const std::vector<std::string> lines = fixture.log.Lines();
    REQUIRE(lines.size() == 8);
    CHECK(lines[1] == "cannot begin");
    CHECK(Masked(lines[2]) ==
          "INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: "
          "Runtime.ExitError");
    CHECK(lines[3].find("START") == 0);
  }
  SECTION("reports an error") {
    function->handler = "init error";
    const InvokeOutcome outcome = fixture.Invoke(function, "1");
    CHECK(outcome.kind == Kind::kFunctionError);
    CHECK(outcome.payload ==
          R"({"errorMessage":"no module","errorType":"Runtime.ImportModuleError"})");
    const std::vector<std::string> lines = fixture.log.Lines();
    REQUIRE(lines.size() == 5);
    CHECK(Masked(lines[1]) ==
          "INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: error\tError Type: "
          "Runtime.ImportModuleError");
  }
}

TEST_CASE("A process that is slow to begin uses up the time of its first invocation",
          "[runtimes][ProcessHost]") {
  const HostFixture fixture(
      [](ProcessHostOptions& options) { options.init_limit = std::chrono::milliseconds(1); });
  const auto function = fixture.Function();
  function->handler = "init sleep";
  function->timeout_s = 1;
  const InvokeOutcome outcome = fixture.Invoke(function, "1");
  CHECK(outcome.kind == Kind::kFunctionError);
  CHECK(outcome.payload.find("Task timed out after 1.00 seconds") != std::string::npos);
  const std::vector<std::string> lines = fixture.log.Lines();
  REQUIRE(lines.size() == 6);
  CHECK(Masked(lines[1]) == "INIT_REPORT Init Duration: N ms\tPhase: init\tStatus: timeout");
  CHECK(lines[2].find("START") == 0);
}

TEST_CASE("A Python function runs with this machine's Python", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const std::filesystem::path code = fixture.folder->path() / "python";
  std::filesystem::create_directory(code);
  std::ofstream(code / "app.py") << "import os\n"
                                    "def handler(event, context):\n"
                                    "    print('got', event)\n"
                                    "    return [event, context.aws_request_id, "
                                    "os.environ['AWS_EXECUTION_ENV']]\n";
  const auto function = fixture.Function();
  function->runtime = "python3.12";
  function->code = std::make_shared<testing::FolderCode>(code);
  const InvokeOutcome outcome = fixture.Invoke(function, R"({"a": 1})");
  CAPTURE(outcome.log_tail);
  CHECK(outcome.kind == Kind::kReturned);
  CHECK(outcome.payload ==
        R"([{"a": 1}, ")" + std::string(testing::kRequestId) + R"(", "AWS_Lambda_python3.12"])");
  CHECK(outcome.log_tail.find("\ngot {'a': 1}\n") != std::string::npos);
}

TEST_CASE("A function without an executable bootstrap fails with AWS's errors",
          "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  const std::filesystem::path code = fixture.folder->path() / "other";
  std::filesystem::create_directory(code);
  const auto function = fixture.Function();
  function->code = std::make_shared<testing::FolderCode>(code);
  const auto message = [&] {
    const std::string begin =
        R"({"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: )" +
        std::string(testing::kRequestId) + " Error: ";
    const InvokeOutcome outcome = fixture.Invoke(function, "1");
    CHECK(outcome.kind == Kind::kFunctionError);
    REQUIRE(outcome.payload.substr(0, begin.size()) == begin);
    return outcome.payload.substr(begin.size());
  };
  CHECK(message() == R"(Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"})");
  std::ofstream(code / "bootstrap") << "no program";
  CHECK(message() == R"(fork/exec /var/task/bootstrap: permission denied"})");
  std::filesystem::permissions(code / "bootstrap", std::filesystem::perms::owner_all);
  CHECK(message() == R"(fork/exec /var/task/bootstrap: exec format error"})");
  function->runtime = "ruby3.3";
  CHECK(message() == R"(Weir does not run functions with the runtime ruby3.3"})");
}

TEST_CASE("An invocation comes with AWS's headers and environment", "[runtimes][ProcessHost]") {
  const HostFixture fixture;
  fixture.function->environment = {{"GREETING", "hello"}, {"TZ", "Europe/Berlin"}};
  const auto answer = [&](const std::string& command) { return fixture.Do(command).payload; };
  CHECK(answer("header Lambda-Runtime-Invoked-Function-Arn") ==
        R"("arn:aws:lambda:eu-west-1:000000000000:function:orders")");
  CHECK(answer("header Lambda-Runtime-Client-Context") == R"("{\"custom\":{}}")");
  CHECK(answer("header Lambda-Runtime-Cognito-Identity") == R"("")");
  CHECK(std::regex_match(
      answer("header Lambda-Runtime-Trace-Id"),
      std::regex(R"("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0")")));
  const std::string deadline = answer("header Lambda-Runtime-Deadline-Ms");
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  const std::int64_t left = std::stoll(deadline.substr(1)) - now.count();
  CHECK(left <= 30'000);
  CHECK(left > 0);
  CHECK(answer("env GREETING") == R"("hello")");
  CHECK(answer("env TZ") == R"("Europe/Berlin")");
  CHECK(answer("env AWS_LAMBDA_FUNCTION_NAME") == R"("orders")");
  CHECK(answer("env AWS_ENDPOINT_URL_LAMBDA") == R"("http://127.0.0.1:8000")");
  CHECK(answer("env LAMBDA_TASK_ROOT") == answer("folder"));
  CHECK(answer("files") == "4");  // none is inherited but the standard streams
}

}  // namespace
}  // namespace weir::runtimes
